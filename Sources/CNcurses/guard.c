// The terminal's way back. Everything called from a handler is on POSIX's list of async-signal-safe functions:
// write, tcflush, tcsetattr, sigaction, raise, kill.

#include "CNcurses.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { text_limit = 512 };

static const int fatal_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE};
enum { fatal_count = sizeof fatal_signals / sizeof fatal_signals[0] };

static struct {
    int input, output;
    struct termios before, raw;
    char enter[text_limit], leave[text_limit];
    size_t enter_count, leave_count;
    struct sigaction previous[fatal_count];
    struct sigaction previous_stop, previous_continue;
} terminal;

static atomic_bool is_owned;
// Owned, but only without echo: the screen that will fill it has not been made yet.
static atomic_bool is_quiet;
static atomic_bool is_shown;
static atomic_bool has_resumed;

static void write_all(const char *text, size_t count) {
    while (count > 0) {
        ssize_t part = write(terminal.output, text, count);
        if (part < 0 && errno != EINTR) {
            return;
        }
        if (part > 0) {
            text += part;
            count -= (size_t)part;
        }
    }
}

static void show(void) {
    if (!atomic_exchange(&is_shown, true)) {
        tcsetattr(terminal.input, TCSANOW, &terminal.raw);
        write_all(terminal.enter, terminal.enter_count);
    }
}

static void give_back(void) {
    if (atomic_exchange(&is_shown, false)) {
        write_all(terminal.leave, terminal.leave_count);
        // A mouse report that came meanwhile would be typed into the shell. Not TCSAFLUSH: that waits until a slow
        // line has taken all output.
        tcflush(terminal.input, TCIFLUSH);
        tcsetattr(terminal.input, TCSANOW, &terminal.before);
    }
}

// Gives the terminal back, then lets whatever handled the signal before us have it: the default action, the
// runtime's crash report or the program's own shutdown.
static void on_fatal(int signal_number) {
    int saved = errno;
    give_back();
    for (int index = 0; index < fatal_count; index++) {
        if (fatal_signals[index] == signal_number) {
            sigaction(signal_number, &terminal.previous[index], NULL);
        }
    }
    raise(signal_number);
    errno = saved;
}

static void on_stop(int signal_number) {
    (void)signal_number;
    int saved = errno;
    give_back();
    kill(getpid(), SIGSTOP);
    errno = saved;
}

static void on_continue(int signal_number) {
    (void)signal_number;
    int saved = errno;
    if (atomic_load(&is_owned)) {
        // Another program may have left the terminal in any state, even where we were stopped without a word.
        atomic_store(&is_shown, false);
        show();
        atomic_store(&has_resumed, true);
    }
    errno = saved;
}

static void install(int signal_number, void (*handler)(int), struct sigaction *previous) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    sigfillset(&action.sa_mask);
    sigaction(signal_number, &action, previous);
}

static int take(int input, int output) {
    if (tcgetattr(input, &terminal.before) != 0) {
        return errno;
    }
    terminal.input = input;
    terminal.output = output;
    terminal.enter_count = 0;
    terminal.leave_count = 0;
    terminal.raw = terminal.before;
    terminal.raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    for (int index = 0; index < fatal_count; index++) {
        install(fatal_signals[index], on_fatal, &terminal.previous[index]);
    }
    install(SIGTSTP, on_stop, &terminal.previous_stop);
    install(SIGCONT, on_continue, &terminal.previous_continue);
    atomic_store(&is_owned, true);
    return 0;
}

int CNcurses_guard_quiet(int input, int output) {
    if (atomic_load(&is_owned)) {
        return EBUSY;
    }
    int status = take(input, output);
    if (status == 0) {
        atomic_store(&is_quiet, true);
        show();
    }
    return status;
}

int CNcurses_guard_enter(
    int input, int output, const char *enter, size_t enter_count, const char *leave, size_t leave_count) {
    if (enter_count > text_limit || leave_count > text_limit) {
        return EINVAL;
    }
    if (atomic_load(&is_owned)) {
        if (!atomic_load(&is_quiet) || input != terminal.input || output != terminal.output) {
            return EBUSY;
        }
        atomic_store(&is_quiet, false);
    } else {
        int status = take(input, output);
        if (status != 0) {
            return status;
        }
    }
    // Without an end to the silence: what the terminal still has to say must not be echoed in between.
    cfmakeraw(&terminal.raw);
    terminal.raw.c_cc[VMIN] = 1;
    terminal.raw.c_cc[VTIME] = 0;
    memcpy(terminal.leave, leave, leave_count);
    terminal.leave_count = leave_count;
    memcpy(terminal.enter, enter, enter_count);
    terminal.enter_count = enter_count;
    atomic_store(&is_shown, false);
    show();
    return 0;
}

void CNcurses_guard_end_quiet(void) {
    if (atomic_exchange(&is_quiet, false)) {
        CNcurses_guard_leave();
    }
}

void CNcurses_guard_leave(void) {
    if (!atomic_exchange(&is_owned, false)) {
        return;
    }
    give_back();
    for (int index = 0; index < fatal_count; index++) {
        sigaction(fatal_signals[index], &terminal.previous[index], NULL);
    }
    sigaction(SIGTSTP, &terminal.previous_stop, NULL);
    sigaction(SIGCONT, &terminal.previous_continue, NULL);
}

bool CNcurses_guard_is_active(void) {
    return atomic_load(&is_shown);
}

bool CNcurses_guard_take_resumed(void) {
    return atomic_exchange(&has_resumed, false);
}

void CNcurses_guard_suspend(void) {
    kill(0, SIGTSTP);
}
