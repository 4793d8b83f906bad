/**
 * Measures Preview 1 functions from within a guest, for `bench files`:
 *
 *     files.wasm <row> <ms a sample> <samples>
 *
 * In the directory that is descriptor 3 there are `data` (16 MiB), `written`, `appended` and `entries` (1,000 files).
 * Writes the least and the median sample to `result`, in ns an operation. What does not succeed, or moves another number
 * of bytes than it should, is a trap: no host is fast by doing less.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

#define DIRECTORY 3
/** As libc's `open` and `stat` do. */
#define FOLLOW __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW
#define CHUNK 65536
#define FILE_SIZE (16 << 20)
#define SMALL 16
#define SMALL_ROUND 65536
#define ENTRIES 1000

static uint8_t buffer[CHUNK];
static __wasi_fd_t file;
static __wasi_filesize_t position;

static void require(int holds) {
  if (!holds) __builtin_trap();
}

static uint64_t now(void) {
  __wasi_timestamp_t time;
  require(__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &time) == 0);
  return time;
}

static __wasi_fd_t open_at(const char *path, __wasi_oflags_t how, __wasi_rights_t rights) {
  __wasi_fd_t fd;
  __wasi_fdflags_t flags = strcmp(path, "appended") == 0 ? __WASI_FDFLAGS_APPEND : 0;
  require(__wasi_path_open(DIRECTORY, FOLLOW, path, how, rights, rights, flags, &fd) == 0);
  return fd;
}

static void rewind_file(void) {
  __wasi_filesize_t at;
  require(__wasi_fd_seek(file, 0, __WASI_WHENCE_SET, &at) == 0 && at == 0);
}

/** At the descriptor's position, which goes back to the start every `round` operations. */
static void read_on(uint32_t n, __wasi_size_t size, uint32_t round) {
  __wasi_iovec_t vector = {buffer, size};
  for (uint32_t i = 0; i < n; i++) {
    __wasi_size_t count;
    if (i % round == 0) rewind_file();
    require(__wasi_fd_read(file, &vector, 1, &count) == 0 && count == size);
  }
}
static void write_on(uint32_t n, __wasi_size_t size, uint32_t round) {
  __wasi_ciovec_t vector = {buffer, size};
  for (uint32_t i = 0; i < n; i++) {
    __wasi_size_t count;
    if (i % round == 0) rewind_file();
    require(__wasi_fd_write(file, &vector, 1, &count) == 0 && count == size);
  }
}

static void read_64k(uint32_t n) { read_on(n, CHUNK, FILE_SIZE / CHUNK); }
static void write_64k(uint32_t n) { write_on(n, CHUNK, FILE_SIZE / CHUNK); }
static void read_16(uint32_t n) { read_on(n, SMALL, SMALL_ROUND); }
static void write_16(uint32_t n) { write_on(n, SMALL, SMALL_ROUND); }

static void pread_16(uint32_t n) {
  __wasi_iovec_t vector = {buffer, SMALL};
  for (uint32_t i = 0; i < n; i++) {
    __wasi_size_t count;
    position = i % SMALL_ROUND * SMALL;
    require(__wasi_fd_pread(file, &vector, 1, position, &count) == 0 && count == SMALL);
  }
}
static void pwrite_16(uint32_t n) {
  __wasi_ciovec_t vector = {buffer, SMALL};
  for (uint32_t i = 0; i < n; i++) {
    __wasi_size_t count;
    position = i % SMALL_ROUND * SMALL;
    require(__wasi_fd_pwrite(file, &vector, 1, position, &count) == 0 && count == SMALL);
  }
}

/** Standard output is a file. */
static void print_16(uint32_t n) {
  __wasi_ciovec_t vector = {buffer, SMALL};
  for (uint32_t i = 0; i < n; i++) {
    __wasi_size_t count;
    require(__wasi_fd_write(1, &vector, 1, &count) == 0 && count == SMALL);
  }
}

/** As libc's stdio writes: what is in its buffer, and what comes now. */
static void writev_16(uint32_t n) {
  __wasi_ciovec_t vectors[2] = {{buffer, SMALL}, {buffer + 1024, SMALL}};
  for (uint32_t i = 0; i < n; i++) {
    __wasi_size_t count;
    if (i % SMALL_ROUND == 0) rewind_file();
    require(__wasi_fd_write(file, vectors, 2, &count) == 0 && count == 2 * SMALL);
  }
}

static void seek(uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    __wasi_filesize_t at;
    require(__wasi_fd_seek(file, i, __WASI_WHENCE_SET, &at) == 0 && at == i);
  }
}

static void clock_monotonic(uint32_t n) {
  for (uint32_t i = 0; i < n; i++) now();
}
static void clock_realtime(uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    __wasi_timestamp_t time;
    require(__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 1, &time) == 0);
  }
}

static void open_close(uint32_t n) {
  for (uint32_t i = 0; i < n; i++) require(__wasi_fd_close(open_at("data", 0, __WASI_RIGHTS_FD_READ)) == 0);
}

static void filestat(uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    __wasi_filestat_t stat;
    require(__wasi_path_filestat_get(DIRECTORY, FOLLOW, "data", &stat) == 0 && stat.size == FILE_SIZE);
  }
}

/** A whole directory, as wasi-libc's `readdir` goes through it, but with a larger buffer. */
static void readdir(uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    uint32_t entries = 0;
    __wasi_dircookie_t cookie = __WASI_DIRCOOKIE_START;
    for (;;) {
      __wasi_size_t used;
      require(__wasi_fd_readdir(file, buffer, CHUNK / 4, cookie, &used) == 0);
      for (__wasi_size_t at = 0; at + sizeof(__wasi_dirent_t) <= used;) {
        __wasi_dirent_t entry;
        memcpy(&entry, buffer + at, sizeof entry);
        const uint8_t *name = buffer + at + sizeof entry;
        at += sizeof entry + entry.d_namlen;
        if (at > used) break;
        cookie = entry.d_next;
        entries += *name != '.'; // Not every host lists `.` and `..`.
      }
      if (used < CHUNK / 4) break;
    }
    require(entries == ENTRIES);
  }
}

static void random_16(uint32_t n) {
  for (uint32_t i = 0; i < n; i++) require(__wasi_random_get(buffer, SMALL) == 0);
}
static void random_64k(uint32_t n) {
  for (uint32_t i = 0; i < n; i++) require(__wasi_random_get(buffer, CHUNK) == 0);
}

static const struct row {
  const char *name;
  void (*run)(uint32_t n);
  const char *path;
  __wasi_rights_t rights;
} rows[] = {
    {"read-64k", read_64k, "data", __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK},
    {"write-64k", write_64k, "written", __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_SEEK},
    {"read-16", read_16, "data", __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK},
    {"write-16", write_16, "written", __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_SEEK},
    {"pread-16", pread_16, "data", __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK},
    {"pwrite-16", pwrite_16, "written", __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_SEEK},
    {"writev-16", writev_16, "written", __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_SEEK},
    {"append-16", write_16, "appended", __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_SEEK},
    {"print-16", print_16, NULL, 0},
    {"seek", seek, "data", __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK},
    {"clock-monotonic", clock_monotonic, NULL, 0},
    {"clock-realtime", clock_realtime, NULL, 0},
    {"open-close", open_close, NULL, 0},
    {"filestat", filestat, NULL, 0},
    {"readdir", readdir, "entries", __WASI_RIGHTS_FD_READDIR},
    {"random-16", random_16, NULL, 0},
    {"random-64k", random_64k, NULL, 0},
};

static int ascending(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return a < b ? -1 : a > b;
}

static uint64_t timed(const struct row *row, uint32_t n) {
  uint64_t start = now();
  row->run(n);
  return now() - start;
}

int main(int argc, char **argv) {
  require(argc == 4);
  const struct row *row = rows;
  while (strcmp(row->name, argv[1]) != 0) require(++row < rows + sizeof rows / sizeof *rows);
  uint64_t least = strtoull(argv[2], NULL, 10) * 1000000;
  int samples = atoi(argv[3]);
  require(samples > 0 && samples <= 100);
  if (row->path != NULL) {
    __wasi_oflags_t how = row->rights == __WASI_RIGHTS_FD_READDIR ? __WASI_OFLAGS_DIRECTORY : 0;
    file = open_at(row->path, how, row->rights);
  }
  // Until it is compiled, and a sample is long enough.
  for (uint64_t warm = now() + 100000000; now() < warm;) row->run(1);
  uint32_t n = 1;
  while (timed(row, n) < least) n *= 2;
  double ns[100];
  for (int i = 0; i < samples; i++) ns[i] = (double)timed(row, n) / n;
  qsort(ns, samples, sizeof *ns, ascending);
  char text[100];
  __wasi_ciovec_t vector = {(uint8_t *)text, 0};
  vector.buf_len = snprintf(text, sizeof text, "{\"min\":%.2f,\"ns\":%.2f}\n", ns[0], ns[samples / 2]);
  __wasi_size_t count;
  __wasi_fd_t result = open_at("result", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_TRUNC, __WASI_RIGHTS_FD_WRITE);
  require(__wasi_fd_write(result, &vector, 1, &count) == 0 && count == vector.buf_len);
  return 0;
}
