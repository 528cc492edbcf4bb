// Wide-character ncurses, and what Swift cannot reach of it: globals that change under a program, variadic
// functions, function-like macros. Beside it the terminal guard, whose code runs inside signal handlers, where
// Swift promises nothing.

#ifndef KINESCOPE_CNCURSES_H
#define KINESCOPE_CNCURSES_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

// MARK: ncurses

// A drawing surface: one ncurses screen whose output goes into a file in memory instead of the terminal.
typedef struct CNcurses_surface CNcurses_surface;

// Attribute bits of CNcurses_put.
enum {
    CNcurses_bold = 1,
    CNcurses_dim = 2,
    CNcurses_underline = 4,
    CNcurses_reverse = 8,
};

// Opens a surface for a terminal type; NULL where terminfo does not know the type or memory is short.
CNcurses_surface *_Nullable CNcurses_open(const char *_Nonnull terminal_type, int rows, int columns);

// Frees a surface. Nothing is written to the terminal.
void CNcurses_close(CNcurses_surface *_Nonnull surface);

// Number of colours that the terminal type has: 0, 8, 16, 256 or more.
int CNcurses_colors(CNcurses_surface *_Nonnull surface);

// Lays the surface out anew; everything is repainted with the next output.
void CNcurses_resize(CNcurses_surface *_Nonnull surface, int rows, int columns);

// Makes the next output repaint everything, whatever ncurses believes is on the screen.
void CNcurses_invalidate(CNcurses_surface *_Nonnull surface);

// Makes colours `foreground` and `background` (-1: the terminal's own) the pair `pair`, from 1; false if refused.
bool CNcurses_define_pair(CNcurses_surface *_Nonnull surface, int pair, int foreground, int background);

// Puts one character; what does not fit is left out.
void CNcurses_put(
    CNcurses_surface *_Nonnull surface, int row, int column, uint32_t character, int attributes, int pair);

// Blanks the surface before a new frame is drawn.
void CNcurses_erase(CNcurses_surface *_Nonnull surface);

// Computes what differs from the last frame. The bytes stay valid until the next call; the count is the result,
// -1 on failure.
ptrdiff_t CNcurses_difference(CNcurses_surface *_Nonnull surface, const uint8_t *_Nullable *_Nonnull bytes);

// MARK: terminal guard

// Takes the terminal on `input` and `output` without a screen yet: it answers questions that are written to it without
// echoing its answers. `CNcurses_guard_enter` on the same descriptors goes on from there. Returns 0 or errno.
int CNcurses_guard_quiet(int input, int output);

// Gives a terminal back that no screen has taken since `CNcurses_guard_quiet`; else does nothing.
void CNcurses_guard_end_quiet(void);

// Puts the terminal on `input` and `output` into raw full-screen mode and sees to it that quitting, stopping and
// dying give it back. Returns 0 or errno. `enter` and `leave` are copied; each at most 512 bytes.
int CNcurses_guard_enter(
    int input, int output, const char *_Nonnull enter, size_t enter_count, const char *_Nonnull leave,
    size_t leave_count);

// Gives the terminal back and removes the signal handlers. Harmless when called twice.
void CNcurses_guard_leave(void);

// True while the terminal is ours to write on.
bool CNcurses_guard_is_active(void);

// True once after the program has been stopped and continued: everything has to be drawn again.
bool CNcurses_guard_take_resumed(void);

// Stops the whole foreground job as the terminal's own suspend key would.
void CNcurses_guard_suspend(void);

// Size of the terminal behind a descriptor; false where it is none.
bool CNcurses_terminal_size(int descriptor, int *_Nonnull rows, int *_Nonnull columns);

#endif
