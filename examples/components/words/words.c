/* A component in C: its imports and exports are the functions that wit/world.wit says, under wit-component's names. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

/* --- What it imports ------------------------------------------------------------------------------------------- */

IMPORT("wasi:cli/stdin@0.2.12", "get-stdin") int32_t get_stdin(void);
IMPORT("wasi:cli/stdout@0.2.12", "get-stdout") int32_t get_stdout(void);

typedef struct {
  const char *at;
  size_t length;
} string;

typedef struct {
  string *at;
  size_t length;
} strings;
IMPORT("wasi:cli/environment@0.2.12", "get-arguments") void get_arguments(strings *result);

/* result<list<u8>, stream-error> */
typedef struct {
  uint8_t is_error;
  union {
    struct {
      uint8_t *at;
      size_t length;
    } bytes;
    struct {
      uint8_t is_closed;
      int32_t error;
    } failure;
  };
} read_result;
IMPORT("wasi:io/streams@0.2.12", "[method]input-stream.blocking-read")
void blocking_read(int32_t self, uint64_t length, read_result *result);
IMPORT("wasi:io/streams@0.2.12", "[resource-drop]input-stream") void drop_input_stream(int32_t self);

/* result<_, stream-error> */
typedef struct {
  uint8_t is_error;
  uint8_t is_closed;
  int32_t error;
} write_result;
IMPORT("wasi:io/streams@0.2.12", "[method]output-stream.blocking-write-and-flush")
void blocking_write_and_flush(int32_t self, const char *at, size_t length, write_result *result);
IMPORT("wasi:io/streams@0.2.12", "[resource-drop]output-stream") void drop_output_stream(int32_t self);
IMPORT("wasi:io/error@0.2.12", "[resource-drop]error") void drop_error(int32_t self);

/* --- Counting -------------------------------------------------------------------------------------------------- */

/* entry */
typedef struct {
  string word;
  uint32_t count;
} entry;

typedef struct {
  entry *at;
  size_t length;
} entries;

#define MAX_WORDS 4096

static bool is_letter(char c) {
  /* Bytes of UTF-8 beyond ASCII are letters, as far as this program goes. */
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0 || c == '\'';
}

static int by_count(const void *left, const void *right) {
  const entry *a = left, *b = right;
  if (a->count != b->count) return a->count < b->count ? 1 : -1;
  size_t length = a->word.length < b->word.length ? a->word.length : b->word.length;
  int order = memcmp(a->word.at, b->word.at, length);
  return order != 0 ? order : (a->word.length > b->word.length) - (a->word.length < b->word.length);
}

/* The words of a text, whose letters become small; NULL when there are too many. They point into the text. */
static entry *count_words(char *text, size_t length, size_t *found) {
  entry *words = malloc(MAX_WORDS * sizeof(entry));
  *found = 0;
  for (size_t i = 0; i < length;) {
    while (i < length && !is_letter(text[i])) i++;
    size_t start = i;
    for (; i < length && is_letter(text[i]); i++)
      if (text[i] >= 'A' && text[i] <= 'Z') text[i] += 'a' - 'A';
    if (i == start) break;
    size_t known = 0;
    while (known < *found && (words[known].word.length != i - start ||
                              memcmp(words[known].word.at, text + start, i - start) != 0))
      known++;
    if (known == MAX_WORDS) {
      free(words);
      return NULL;
    }
    if (known == *found) words[(*found)++] = (entry){{text + start, i - start}, 0};
    words[known].count++;
  }
  qsort(words, *found, sizeof(entry), by_count);
  return words;
}

/* --- count: func(text: string, top: u8) -> result<list<entry>, problem> ---------------------------------------- */

enum { NO_WORDS, TOO_MANY_WORDS };

typedef struct {
  uint8_t is_error;
  union {
    entries words;
    uint8_t problem;
  };
} count_result;

/* What `count` gave and has to free when the caller has read it. */
static count_result result;
static char *counted;

EXPORT("count") count_result *count(char *text, size_t length, uint32_t top) {
  size_t found;
  entry *words = count_words(text, length, &found);
  counted = text;
  if (words == NULL) {
    result = (count_result){.is_error = 1, .problem = TOO_MANY_WORDS};
  } else if (found == 0) {
    free(words);
    result = (count_result){.is_error = 1, .problem = NO_WORDS};
  } else {
    result = (count_result){.is_error = 0, .words = {words, found < top ? found : top}};
  }
  return &result;
}

EXPORT("cabi_post_count") void count_post_return(count_result *given) {
  if (!given->is_error) free(given->words.at);
  free(counted);
}

/* --- wasi:cli/run ---------------------------------------------------------------------------------------------- */

static char *read_all(size_t *length) {
  int32_t in = get_stdin();
  char *text = NULL;
  *length = 0;
  for (;;) {
    read_result got;
    blocking_read(in, 65536, &got);
    if (got.is_error) {
      if (!got.failure.is_closed) drop_error(got.failure.error);
      break;
    }
    text = realloc(text, *length + got.bytes.length);
    memcpy(text + *length, got.bytes.at, got.bytes.length);
    *length += got.bytes.length;
    free(got.bytes.at);
  }
  drop_input_stream(in);
  return text;
}

static size_t first_argument(size_t otherwise) {
  strings arguments;
  get_arguments(&arguments);
  char digits[8] = "";
  if (arguments.length > 1 && arguments.at[1].length < sizeof digits) {
    memcpy(digits, arguments.at[1].at, arguments.at[1].length);
  }
  for (size_t i = 0; i < arguments.length; i++) free((void *)arguments.at[i].at);
  free(arguments.at);
  return digits[0] == '\0' ? otherwise : (size_t)strtoul(digits, NULL, 10);
}

/* 0 is `ok`, 1 is `err`. */
EXPORT("wasi:cli/run@0.2.12#run") int32_t run(void) {
  size_t length, found;
  char *text = read_all(&length);
  entry *words = count_words(text, length, &found);
  if (words == NULL || found == 0) return 1;
  size_t top = first_argument(10);
  int32_t out = get_stdout();
  bool is_fine = true;
  for (size_t i = 0; i < found && i < top && is_fine; i++) {
    char count[16];
    int digits = 0;
    for (uint32_t left = words[i].count; left > 0; left /= 10) count[15 - digits++] = '0' + left % 10;
    size_t line_length = digits + 1 + words[i].word.length + 1;
    char *line = malloc(line_length);
    memcpy(line, count + 16 - digits, digits);
    line[digits] = ' ';
    memcpy(line + digits + 1, words[i].word.at, words[i].word.length);
    line[line_length - 1] = '\n';
    /* At most 4096 bytes at a time. */
    for (size_t at = 0; at < line_length && is_fine; at += 4096) {
      write_result written;
      size_t left = line_length - at;
      blocking_write_and_flush(out, line + at, left < 4096 ? left : 4096, &written);
      is_fine = !written.is_error;
      if (written.is_error && !written.is_closed) drop_error(written.error);
    }
    free(line);
  }
  drop_output_stream(out);
  free(words);
  free(text);
  return is_fine ? 0 : 1;
}

/* --- What callers allocate with -------------------------------------------------------------------------------- */

EXPORT("cabi_realloc") void *cabi_realloc(void *old, size_t old_size, size_t alignment, size_t size) {
  (void)old_size, (void)alignment;
  /* What is empty is nowhere, so that freeing it does nothing. */
  if (size == 0) return NULL;
  void *made = realloc(old, size);
  if (made == NULL) __builtin_trap();
  return made;
}
