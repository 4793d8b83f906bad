/*
 * Included before each file of QuickJS: what it wants of POSIX and WASI does not have. All of it fails with ENOSYS.
 */
#include <errno.h>
#include <stdio.h>

static inline int no_such_function(void)
{
    errno = ENOSYS;
    return -1;
}

#define fork() no_such_function()
#define execve(...) no_such_function()
#define kill(...) no_such_function()
#define dup(...) no_such_function()
#define dup2(...) no_such_function()
#define pipe(...) no_such_function()
#define setuid(...) no_such_function()
#define setgid(...) no_such_function()
#define pclose(...) no_such_function()
#define popen(...) (no_such_function(), (FILE *)NULL)

#define TIOCGWINSZ 0

struct winsize {
    unsigned short ws_row, ws_col;
};

/* WebAssembly rounds in one way only. */
#define FE_DOWNWARD 0
#define FE_UPWARD 0
