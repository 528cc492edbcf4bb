#include "CNcurses.h"

#include <locale.h>
#include <ncurses.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

struct CNcurses_surface {
    SCREEN *screen;
    FILE *output;
    FILE *input;
    uint8_t *bytes;
    size_t capacity;
};

// ncurses writes to a descriptor, so a memory FILE would stay empty. A file in memory, unlike a pipe, holds a
// frame of any size without a reader.
static FILE *memory_file(void) {
    int descriptor = memfd_create("kinescope-chrome", MFD_CLOEXEC);
    if (descriptor < 0) {
        return NULL;
    }
    FILE *file = fdopen(descriptor, "w+");
    if (file == NULL) {
        close(descriptor);
    }
    return file;
}

static bool rewind_output(CNcurses_surface *surface) {
    int descriptor = fileno(surface->output);
    return ftruncate(descriptor, 0) == 0 && lseek(descriptor, 0, SEEK_SET) == 0;
}

// newterm takes over signals; its handlers would end the program with status 1, whatever it was killed by.
static SCREEN *open_terminal(const char *terminal_type, CNcurses_surface *surface) {
    static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    enum { count = sizeof signals / sizeof signals[0] };
    struct sigaction before[count];
    for (int index = 0; index < count; index++) {
        sigaction(signals[index], NULL, &before[index]);
    }
    SCREEN *screen = newterm(terminal_type, surface->output, surface->input);
    for (int index = 0; index < count; index++) {
        sigaction(signals[index], &before[index], NULL);
    }
    return screen;
}

CNcurses_surface *CNcurses_open(const char *terminal_type, int rows, int columns) {
    setlocale(LC_CTYPE, "");
    if (MB_CUR_MAX < 4) {
        // In the C locale ncurses would print wide characters as question marks; whether the terminal is to see
        // them was decided before anything is drawn.
        setlocale(LC_CTYPE, "C.UTF-8");
    }
    CNcurses_surface *surface = calloc(1, sizeof *surface);
    if (surface == NULL) {
        return NULL;
    }
    surface->output = memory_file();
    surface->input = fopen("/dev/null", "r");
    if (surface->output != NULL && surface->input != NULL) {
        // ncurses would take LINES and COLUMNS of the environment for the size.
        use_env(false);
        surface->screen = open_terminal(terminal_type, surface);
    }
    if (surface->screen == NULL) {
        CNcurses_close(surface);
        return NULL;
    }
    set_term(surface->screen);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    leaveok(stdscr, true);
    scrollok(stdscr, false);
    resizeterm(rows, columns);
    // What start-up wrote (alternate screen, margins) is the guard's business.
    wnoutrefresh(stdscr);
    doupdate();
    fflush(surface->output);
    rewind_output(surface);
    clearok(curscr, true);
    return surface;
}

void CNcurses_close(CNcurses_surface *surface) {
    if (surface->screen != NULL) {
        set_term(surface->screen);
        endwin();
        delscreen(surface->screen);
    }
    if (surface->output != NULL) {
        fclose(surface->output);
    }
    if (surface->input != NULL) {
        fclose(surface->input);
    }
    free(surface->bytes);
    free(surface);
}

int CNcurses_colors(CNcurses_surface *surface) {
    set_term(surface->screen);
    return has_colors() ? COLORS : 0;
}

void CNcurses_resize(CNcurses_surface *surface, int rows, int columns) {
    set_term(surface->screen);
    resizeterm(rows, columns);
    // resizeterm queues a KEY_RESIZE, which nobody reads here.
    flushinp();
    clearok(curscr, true);
}

void CNcurses_invalidate(CNcurses_surface *surface) {
    set_term(surface->screen);
    clearok(curscr, true);
}

bool CNcurses_define_pair(CNcurses_surface *surface, int pair, int foreground, int background) {
    set_term(surface->screen);
    return pair < COLOR_PAIRS && init_extended_pair(pair, foreground, background) == OK;
}

void CNcurses_put(
    CNcurses_surface *surface, int row, int column, uint32_t character, int attributes, int pair) {
    set_term(surface->screen);
    attr_t bits = A_NORMAL;
    bits |= (attributes & CNcurses_bold) != 0 ? A_BOLD : 0;
    bits |= (attributes & CNcurses_dim) != 0 ? A_DIM : 0;
    bits |= (attributes & CNcurses_underline) != 0 ? A_UNDERLINE : 0;
    bits |= (attributes & CNcurses_reverse) != 0 ? A_REVERSE : 0;
    wchar_t text[2] = {(wchar_t)character, 0};
    cchar_t cell;
    if (setcchar(&cell, text, bits, 0, &pair) == OK) {
        // The last cell of the last row is written although the cursor cannot move on: the result says ERR.
        mvwadd_wchnstr(stdscr, row, column, &cell, 1);
    }
}

void CNcurses_erase(CNcurses_surface *surface) {
    set_term(surface->screen);
    werase(stdscr);
}

ptrdiff_t CNcurses_difference(CNcurses_surface *surface, const uint8_t **bytes) {
    set_term(surface->screen);
    wnoutrefresh(stdscr);
    doupdate();
    fflush(surface->output);
    int descriptor = fileno(surface->output);
    off_t end = lseek(descriptor, 0, SEEK_END);
    if (end < 0) {
        return -1;
    }
    size_t count = (size_t)end;
    if (count > surface->capacity) {
        uint8_t *grown = realloc(surface->bytes, count);
        if (grown == NULL) {
            return -1;
        }
        surface->bytes = grown;
        surface->capacity = count;
    }
    size_t done = 0;
    while (done < count) {
        ssize_t part = pread(descriptor, surface->bytes + done, count - done, (off_t)done);
        if (part <= 0) {
            return -1;
        }
        done += (size_t)part;
    }
    if (!rewind_output(surface)) {
        return -1;
    }
    *bytes = surface->bytes;
    return (ptrdiff_t)count;
}

bool CNcurses_terminal_size(int descriptor, int *rows, int *columns) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) {
        return false;
    }
    *rows = size.ws_row;
    *columns = size.ws_col;
    return true;
}
