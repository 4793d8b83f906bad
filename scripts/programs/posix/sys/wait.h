/* What quickjs-libc.c looks for in the status of a process. There are no processes. */
#define WNOHANG 1
#define WIFEXITED(status) 1
#define WEXITSTATUS(status) 0
#define WIFSIGNALED(status) 0
#define WTERMSIG(status) 0

int waitpid(int process, int *status, int options);
