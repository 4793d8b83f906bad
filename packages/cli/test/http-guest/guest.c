/* A guest that answers HTTP requests in as many ways as tests need, each by its path. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define TYPES(name) IMPORT("wasi:http/types@0.2.12", name)
#define STREAMS(name) IMPORT("wasi:io/streams@0.2.12", name)

typedef struct {
  const char *at;
  size_t length;
} text;

typedef struct {
  uint8_t some;
  text value;
} option_text;

/* result<own<T>>, and option<string> has the same beginning */
typedef struct {
  uint8_t is_error;
  int32_t handle;
} result_handle;

/* result<own<T>, error-code> */
typedef struct {
  uint8_t is_error;
  int64_t payload[4];
} result_or_code;

/* option<result<result<own<T>, error-code>>> */
typedef struct {
  int64_t some;
  int64_t is_given;
  result_or_code value;
} option_response;

/* result<list<u8>, stream-error> */
typedef struct {
  uint8_t is_error;
  text bytes;
} result_bytes;

TYPES("[method]incoming-request.path-with-query") void request_path(int32_t, option_text *);
TYPES("[method]incoming-request.authority") void request_authority(int32_t, option_text *);
TYPES("[method]incoming-request.consume") void request_consume(int32_t, result_handle *);
TYPES("[resource-drop]incoming-request") void request_drop(int32_t);
TYPES("[method]incoming-response.consume") void response_consume(int32_t, result_handle *);
TYPES("[resource-drop]incoming-response") void response_drop(int32_t);
TYPES("[method]incoming-body.stream") void body_stream(int32_t, result_handle *);
TYPES("[static]incoming-body.finish") int32_t body_finish(int32_t);
TYPES("[resource-drop]incoming-body") void body_drop(int32_t);
TYPES("[resource-drop]future-trailers") void trailers_drop(int32_t);
TYPES("[constructor]fields") int32_t fields_new(void);
TYPES("[constructor]outgoing-response") int32_t outgoing_new(int32_t fields);
TYPES("[method]outgoing-response.set-status-code") int32_t outgoing_status(int32_t, int32_t);
TYPES("[method]outgoing-response.body") void outgoing_body(int32_t, result_handle *);
TYPES("[method]outgoing-body.write") void outgoing_write(int32_t, result_handle *);
TYPES("[static]outgoing-body.finish") void outgoing_finish(int32_t, int32_t, int32_t, result_or_code *);
TYPES("[static]response-outparam.set")
void outparam_set(int32_t, int32_t, int32_t, int32_t, int64_t, int32_t, int32_t, int32_t, int32_t);
TYPES("[constructor]outgoing-request") int32_t made_new(int32_t fields);
TYPES("[method]outgoing-request.set-scheme") int32_t made_scheme(int32_t, int32_t, int32_t, const char *, size_t);
TYPES("[method]outgoing-request.set-authority") int32_t made_authority(int32_t, int32_t, const char *, size_t);
TYPES("[method]outgoing-request.set-path-with-query") int32_t made_path(int32_t, int32_t, const char *, size_t);
TYPES("[method]future-incoming-response.subscribe") int32_t future_subscribe(int32_t);
TYPES("[method]future-incoming-response.get") void future_get(int32_t, option_response *);
TYPES("[resource-drop]future-incoming-response") void future_drop(int32_t);
IMPORT("wasi:http/outgoing-handler@0.2.12", "handle") void outgoing_handle(int32_t, int32_t, int32_t, result_or_code *);
STREAMS("[method]input-stream.blocking-read") void blocking_read(int32_t, int64_t, result_bytes *);
STREAMS("[resource-drop]input-stream") void input_drop(int32_t);
STREAMS("[method]output-stream.blocking-write-and-flush")
void blocking_write(int32_t, const char *, size_t, result_handle *);
STREAMS("[resource-drop]output-stream") void output_drop(int32_t);
IMPORT("wasi:io/poll@0.2.12", "[method]pollable.block") void block(int32_t);
IMPORT("wasi:io/poll@0.2.12", "[resource-drop]pollable") void pollable_drop(int32_t);
IMPORT("wasi:clocks/monotonic-clock@0.2.12", "subscribe-duration") int32_t subscribe_duration(int64_t);
IMPORT("wasi:cli/stdout@0.2.12", "get-stdout") int32_t get_stdout(void);
IMPORT("wasi:cli/exit@0.2.12", "exit") void cli_exit(int32_t is_error);

static int32_t ok(const result_handle *result) {
  if (result->is_error) __builtin_trap();
  return result->handle;
}

/* What went wrong is told by a trap: nobody here expects it. */
static void write_all(int32_t stream, const char *bytes, size_t length) {
  while (length > 0) {
    size_t part = length < 4096 ? length : 4096;
    result_handle result;
    blocking_write(stream, bytes, part, &result);
    if (result.is_error) __builtin_trap();
    bytes += part;
    length -= part;
  }
}

static void finish(int32_t body, int32_t stream) {
  result_or_code finished;
  output_drop(stream);
  outgoing_finish(body, 0, 0, &finished);
  if (finished.is_error) __builtin_trap();
}

/* Begins a response; gives its body, and in `stream` where to write it. */
static int32_t respond(int32_t out, int32_t status, int32_t *stream) {
  int32_t response = outgoing_new(fields_new());
  result_handle body, writing;
  if (outgoing_status(response, status) != 0) __builtin_trap();
  outgoing_body(response, &body);
  outparam_set(out, 0, response, 0, 0, 0, 0, 0, 0);
  outgoing_write(ok(&body), &writing);
  *stream = ok(&writing);
  return body.handle;
}

static void respond_with(int32_t out, int32_t status, text content) {
  int32_t stream, body = respond(out, status, &stream);
  write_all(stream, content.at, content.length);
  finish(body, stream);
}

/* Copies the body of a message to a stream. */
static void copy(int32_t body, int32_t stream) {
  result_handle reading;
  body_stream(body, &reading);
  for (;;) {
    result_bytes read;
    blocking_read(ok(&reading), 65536, &read);
    if (read.is_error) {
      /* stream-error: 1 is `closed` */
      if (*(const uint8_t *)&read.bytes != 1) __builtin_trap();
      break;
    }
    write_all(stream, read.bytes.at, read.bytes.length);
    free((void *)read.bytes.at);
  }
  input_drop(reading.handle);
  trailers_drop(body_finish(body));
}

static void wait(int64_t milliseconds) {
  int32_t timer = subscribe_duration(milliseconds * 1000000);
  block(timer);
  pollable_drop(timer);
}

/* GET / of an authority, its body as the response's. */
static void forward(int32_t out, text authority) {
  int32_t made = made_new(fields_new()), stream, body;
  result_or_code sent;
  option_response arrived;
  result_handle incoming;
  made_scheme(made, 1, 0, 0, 0);
  if (made_authority(made, 1, authority.at, authority.length) != 0) __builtin_trap();
  made_path(made, 1, "/", 1);
  outgoing_handle(made, 0, 0, &sent);
  if (sent.is_error) __builtin_trap();
  int32_t future = (int32_t)sent.payload[0], pollable = future_subscribe(future);
  block(pollable);
  pollable_drop(pollable);
  future_get(future, &arrived);
  if (arrived.value.is_error) __builtin_trap();
  int32_t response = (int32_t)arrived.value.payload[0];
  future_drop(future);
  response_consume(response, &incoming);
  body = respond(out, 200, &stream);
  copy(ok(&incoming), stream);
  response_drop(response);
  finish(body, stream);
}

static bool begins(text path, const char *with) {
  size_t length = strlen(with);
  return path.length >= length && memcmp(path.at, with, length) == 0;
}

static text after(text path, size_t length) {
  return (text){path.at + length, path.length - length};
}

#define TEXT(literal) ((text){literal, sizeof(literal) - 1})

__attribute__((export_name("wasi:http/incoming-handler@0.2.12#handle"))) void handle(int32_t request, int32_t out) {
  option_text path, authority;
  static unsigned count;
  int32_t stream, body;
  result_handle incoming, reading;
  count++;
  request_path(request, &path);
  if (!path.some) path.value = TEXT("none");
  if (begins(path.value, "/spin")) {
    for (volatile int turn = 0;; turn++) {
    }
  } else if (begins(path.value, "/trap")) {
    __builtin_trap();
  } else if (begins(path.value, "/late")) {
    /* Half a response, and then a trap. */
    respond(out, 200, &stream);
    write_all(stream, "half", 4);
    wait(20);
    __builtin_trap();
  } else if (begins(path.value, "/exit")) {
    respond_with(out, 200, TEXT("bye"));
    cli_exit(0);
  } else if (begins(path.value, "/silent")) {
    return;
  } else if (begins(path.value, "/wait/")) {
    wait(atoi(path.value.at + 6));
    respond_with(out, 200, TEXT("waited"));
  } else if (begins(path.value, "/echo")) {
    request_consume(request, &incoming);
    body = respond(out, 200, &stream);
    copy(ok(&incoming), stream);
    finish(body, stream);
  } else if (begins(path.value, "/refuse")) {
    respond_with(out, 413, TEXT("too much"));
  } else if (begins(path.value, "/peek")) {
    /* Some of the body, and then nothing of it any more. */
    result_bytes read;
    request_consume(request, &incoming);
    body_stream(ok(&incoming), &reading);
    blocking_read(ok(&reading), 16, &read);
    if (read.is_error) __builtin_trap();
    input_drop(reading.handle);
    body_drop(incoming.handle);
    respond_with(out, 200, TEXT("seen"));
  } else if (begins(path.value, "/flood")) {
    static char block_of_zeroes[4096];
    respond(out, 200, &stream);
    for (;;) write_all(stream, block_of_zeroes, sizeof block_of_zeroes);
  } else if (begins(path.value, "/count")) {
    /* How many requests this instance has had. */
    char digits[8];
    size_t at = sizeof digits;
    for (unsigned rest = count; at == sizeof digits || rest > 0; rest /= 10) digits[--at] = '0' + rest % 10;
    respond_with(out, 200, (text){digits + at, sizeof digits - at});
  } else if (begins(path.value, "/leak/")) {
    for (int left = atoi(path.value.at + 6); left > 0; left--) subscribe_duration(0);
    respond_with(out, 200, TEXT("leaked"));
  } else if (begins(path.value, "/unfinished")) {
    respond(out, 200, &stream);
    write_all(stream, "begun", 5);
  } else if (begins(path.value, "/print")) {
    int32_t console = get_stdout();
    write_all(console, "printed\n", 8);
    output_drop(console);
    respond_with(out, 200, TEXT("printed"));
  } else if (begins(path.value, "/forward/")) {
    forward(out, after(path.value, 9));
  } else {
    request_authority(request, &authority);
    body = respond(out, 200, &stream);
    if (authority.some) write_all(stream, authority.value.at, authority.value.length);
    write_all(stream, " ", 1);
    write_all(stream, path.value.at, path.value.length);
    finish(body, stream);
  }
  request_drop(request);
}

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *at, size_t old, size_t alignment, size_t size) {
  (void)old;
  (void)alignment;
  /* A text's end, for `atoi`. */
  char *made = realloc(at, size + 1);
  if (made == NULL) __builtin_trap();
  made[size] = 0;
  return made;
}
