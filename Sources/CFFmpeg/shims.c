#include "CFFmpeg.h"

// The callback takes a va_list, which Swift cannot implement.
static void drop(void *context, int level, const char *format, va_list arguments) {
    (void)context;
    (void)level;
    (void)format;
    (void)arguments;
}

void CFFmpeg_silence_log(void) {
    av_log_set_callback(drop);
}
