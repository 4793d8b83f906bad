/* What a program does with files through plain libc: stdio, directories, attributes, links, time. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int checks, wrong;

static void check(int ok, const char *what) {
  checks++;
  if (ok) return;
  wrong++;
  printf("wrong: %s (errno %d: %s)\n", what, errno, strerror(errno));
}

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void stdio(void) {
  FILE *file = fopen("numbers.txt", "w+");
  check(file != NULL, "fopen w+");
  for (int i = 0; i < 10000; i++) check(fprintf(file, "%d %s\n", i, i % 2 ? "odd" : "even") > 0, "fprintf");
  check(fflush(file) == 0, "fflush");
  rewind(file);
  long sum = 0;
  int n = 0, value;
  char word[16];
  while (fscanf(file, "%d %15s", &value, word) == 2) {
    sum += value;
    n++;
  }
  check(n == 10000 && sum == 49995000, "fscanf");
  check(feof(file) && !ferror(file), "feof");
  check(fseek(file, -9, SEEK_END) == 0 && fgets(word, sizeof word, file) && !strcmp(word, "9999 odd\n"), "fseek");
  check(ftell(file) == 93890, "ftell");
  fclose(file);
  file = fopen("numbers.txt", "a");
  fputs("end\n", file);
  fclose(file);
  file = fopen("numbers.txt", "r");
  fseek(file, -4, SEEK_END);
  check(fgets(word, sizeof word, file) && !strcmp(word, "end\n"), "append");
  check(fputc('x', file) == EOF, "writing to what is open for reading");
  fclose(file);
  check(fopen("none.txt", "r") == NULL && errno == ENOENT, "fopen of nothing");
  check(fopen("../outside.txt", "w") == NULL, "fopen outside");
}

static void descriptors(void) {
  int fd = open("data", O_CREAT | O_RDWR | O_EXCL, 0644);
  check(fd > 2, "open O_EXCL");
  check(open("data", O_CREAT | O_EXCL | O_WRONLY, 0644) == -1 && errno == EEXIST, "open O_EXCL again");
  check(write(fd, "0123456789", 10) == 10, "write");
  check(pwrite(fd, "xy", 2, 4) == 2, "pwrite");
  char buffer[32] = {0};
  check(pread(fd, buffer, 31, 2) == 8 && !strcmp(buffer, "23xy6789"), "pread");
  check(lseek(fd, 0, SEEK_CUR) == 10, "lseek");
  check(ftruncate(fd, 3) == 0 && lseek(fd, 0, SEEK_END) == 3, "ftruncate");
  check(fsync(fd) == 0 && fdatasync(fd) == 0, "fsync");
  struct stat st;
  check(fstat(fd, &st) == 0 && st.st_size == 3 && S_ISREG(st.st_mode) && st.st_nlink == 1, "fstat");
  ino_t inode = st.st_ino;
  check(link("data", "linked") == 0 && stat("linked", &st) == 0 && st.st_ino == inode && st.st_nlink == 2, "link");
  check(symlink("data", "sym") == 0 && lstat("sym", &st) == 0 && S_ISLNK(st.st_mode), "symlink");
  char target[16] = {0};
  check(readlink("sym", target, 15) == 4 && !strcmp(target, "data"), "readlink");
  check(stat("sym", &st) == 0 && st.st_ino == inode, "stat through a symlink");
  struct timespec times[2] = {{1000, 0}, {2000, 500000000}};
  check(futimens(fd, times) == 0 && fstat(fd, &st) == 0 && st.st_mtim.tv_sec == 2000, "futimens");
  check(rename("linked", "renamed") == 0 && access("linked", F_OK) == -1 && access("renamed", F_OK) == 0, "rename");
  check(unlink("sym") == 0 && unlink("renamed") == 0 && unlink("data") == 0, "unlink");
  check(read(fd, buffer, 1) == 0, "read at the end of a file without a name");
  check(close(fd) == 0 && close(fd) == -1 && errno == EBADF, "close");
  check(open("sub/none", O_RDONLY) == -1 && errno == ENOENT, "open below nothing");
}

static void directories(void) {
  check(mkdir("sub", 0755) == 0 && mkdir("sub", 0755) == -1 && errno == EEXIST, "mkdir");
  char name[32];
  for (int i = 0; i < 500; i++) {
    snprintf(name, sizeof name, "sub/file-%03d", i);
    FILE *file = fopen(name, "w");
    if (file) fclose(file);
    check(file != NULL, name);
  }
  DIR *dir = opendir("sub");
  check(dir != NULL, "opendir");
  char *names[600];
  int n = 0;
  for (struct dirent *entry; dir && (entry = readdir(dir)) && n < 600;) {
    if (entry->d_name[0] != '.') names[n++] = strdup(entry->d_name);
  }
  check(n == 500, "readdir");
  qsort(names, n, sizeof *names, compare);
  check(n == 500 && !strcmp(names[0], "file-000") && !strcmp(names[499], "file-499"), "names");
  rewinddir(dir);
  check(readdir(dir) != NULL, "rewinddir");
  closedir(dir);
  check(rmdir("sub") == -1 && errno == ENOTEMPTY, "rmdir of what is not empty");
  for (int i = 0; i < n; i++) {
    snprintf(name, sizeof name, "sub/%s", names[i]);
    check(unlink(name) == 0, "unlink in a directory");
    free(names[i]);
  }
  check(chdir("sub") == 0, "chdir");
  FILE *file = fopen("here", "w");
  check(file != NULL, "fopen after chdir");
  if (file) fclose(file);
  check(chdir("..") == 0 && access("sub/here", F_OK) == 0 && unlink("sub/here") == 0, "chdir ..");
  check(rmdir("sub") == 0, "rmdir");
}

int main(void) {
  stdio();
  descriptors();
  int here = open(".", O_RDONLY | O_DIRECTORY);
  check(here > 2, "open .");
  directories();
  int many[200];
  for (int i = 0; i < 200; i++) many[i] = openat(here, "numbers.txt", O_RDONLY);
  check(many[199] > many[0], "many descriptors");
  for (int i = 0; i < 200; i++) close(many[i]);
  char line[64] = {0};
  check(scanf("%63s", line) == 1 && !strcmp(line, "typed"), "scanf");
  check(getenv("NAME") && !strcmp(getenv("NAME"), "value"), "getenv");
  check(time(NULL) > 1700000000 && clock_gettime(CLOCK_MONOTONIC, &(struct timespec){0}) == 0, "clocks");
  printf("%d checks, %d wrong\n", checks, wrong);
  return wrong != 0;
}
