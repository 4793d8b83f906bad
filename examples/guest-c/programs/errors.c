/*
 * Says how input and output go: `errors read`, `errors append <file>`, and `errors write`, which first waits for the end
 * of its input.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void report(const char *what, long result) {
  fprintf(stderr, "%s: %s\n", what, result < 0 ? strerror(errno) : "fine");
}

int main(int argc, char **argv) {
  char byte = 0;
  if (argc == 2 && strcmp(argv[1], "read") == 0) {
    report("read", read(STDIN_FILENO, &byte, 1));
  } else if (argc == 2 && strcmp(argv[1], "write") == 0) {
    while (read(STDIN_FILENO, &byte, 1) > 0) continue;
    report("write", write(STDOUT_FILENO, "x", 1));
    report("write again", write(STDOUT_FILENO, "x", 1));
    report("puts", puts("text"));
  } else if (argc == 3 && strcmp(argv[1], "append") == 0) {
    int fd = open(argv[2], O_WRONLY | O_APPEND);
    report("open", fd);
    report("write", write(fd, "x", 1));
  } else {
    return 2;
  }
  return 0;
}
