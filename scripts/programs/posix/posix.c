/*
 * What posix.h, which is included before this as before every file, leaves open, and what QuickJS's own build makes out
 * of JavaScript: nothing here.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* The interactive program and the calculator. */
const uint8_t qjsc_repl[1], qjsc_qjscalc[1];
const uint32_t qjsc_repl_size, qjsc_qjscalc_size;

int tcgetattr(int fd, struct termios *modes)
{
    return no_such_function();
}

int tcsetattr(int fd, int when, const struct termios *modes)
{
    return no_such_function();
}

int waitpid(int process, int *status, int options)
{
    return no_such_function();
}

void *dlopen(const char *name, int flags)
{
    no_such_function();
    return NULL;
}

void *dlsym(void *library, const char *name)
{
    return NULL;
}

int dlclose(void *library)
{
    return no_such_function();
}

/* A file without a name, as POSIX has it: open, and removed. */
FILE *tmpfile(void)
{
    static int count;
    char name[32];
    snprintf(name, sizeof name, "/.tmpfile-%d", count++);
    FILE *file = fopen(name, "wx+");
    if (file != NULL)
        unlink(name);
    return file;
}
