/* The consumer: a till, with strings in UTF-16. Carts are handles to it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>

#define IMPORT(name) __attribute__((import_module("example:shop/carts@0.1.0"), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))
#define TILL "example:shop/till@0.1.0#"

/* Lengths are in units of 16 bits. */
typedef struct {
  char16_t *at;
  size_t length;
} string;

typedef struct {
  string name;
  uint32_t quantity;
  uint64_t cents;
} line;

typedef struct {
  line *at;
  size_t length;
} lines;

IMPORT("[constructor]cart") int32_t new_cart(const char16_t *owner, size_t length);
IMPORT("[method]cart.add")
void add(int32_t cart, const char16_t *name, size_t length, uint32_t quantity, uint64_t cents);
IMPORT("[method]cart.owner") void owner_of(int32_t cart, string *result);
IMPORT("[method]cart.lines") void lines_of(int32_t cart, lines *result);
IMPORT("[resource-drop]cart") void drop_cart(int32_t cart);

/* --- Texts that grow ------------------------------------------------------------------------------------------- */

static void append(string *text, const char16_t *more, size_t length) {
  text->at = realloc(text->at, (text->length + length) * sizeof(char16_t));
  memcpy(text->at + text->length, more, length * sizeof(char16_t));
  text->length += length;
}

#define APPEND(text, literal) append(text, literal, sizeof(literal) / sizeof(char16_t) - 1)

static void append_number(string *text, uint64_t number, int least) {
  char16_t digits[20];
  int count = 0;
  for (; number > 0 || count < least; number /= 10) digits[19 - count++] = u'0' + number % 10;
  append(text, digits + 20 - count, count);
}

static void append_money(string *text, uint64_t cents) {
  append_number(text, cents / 100, 1);
  APPEND(text, u".");
  append_number(text, cents % 100, 2);
  APPEND(text, u" €");
}

/* --- The till -------------------------------------------------------------------------------------------------- */

static void free_lines(lines given) {
  for (size_t i = 0; i < given.length; i++) free(given.at[i].name.at);
  free(given.at);
}

static uint64_t total(lines given) {
  uint64_t sum = 0;
  for (size_t i = 0; i < given.length; i++) sum += given.at[i].quantity * given.at[i].cents;
  return sum;
}

static string receipt_of(int32_t cart) {
  string text = {NULL, 0}, owner;
  lines all;
  owner_of(cart, &owner);
  lines_of(cart, &all);
  append(&text, owner.at, owner.length);
  APPEND(&text, u"\n");
  for (size_t i = 0; i < all.length; i++) {
    append_number(&text, all.at[i].quantity, 1);
    APPEND(&text, u" × ");
    append(&text, all.at[i].name.at, all.at[i].name.length);
    APPEND(&text, u": ");
    append_money(&text, all.at[i].quantity * all.at[i].cents);
    APPEND(&text, u"\n");
  }
  append_money(&text, total(all));
  free(owner.at);
  free_lines(all);
  return text;
}

static string shown;

EXPORT(TILL "receipt") string *receipt(int32_t cart) {
  shown = receipt_of(cart);
  /* It was only lent, and what is lent is given back before the call ends. */
  drop_cart(cart);
  return &shown;
}
EXPORT("cabi_post_" TILL "receipt") void receipt_post_return(string *given) { free(given->at); }

/* result<u64, string> */
typedef struct {
  uint8_t is_error;
  union {
    uint64_t change;
    string missing;
  };
} pay_result;
static pay_result paid;

EXPORT(TILL "pay") pay_result *pay(int32_t cart, uint64_t cents) {
  lines all;
  lines_of(cart, &all);
  uint64_t sum = total(all);
  free_lines(all);
  drop_cart(cart);
  if (cents >= sum) {
    paid = (pay_result){.is_error = 0, .change = cents - sum};
  } else {
    string text = {NULL, 0};
    append_money(&text, sum - cents);
    APPEND(&text, u" are missing");
    paid = (pay_result){.is_error = 1, .missing = text};
  }
  return &paid;
}
EXPORT("cabi_post_" TILL "pay") void pay_post_return(pay_result *given) {
  if (given->is_error) free(given->missing.at);
}

EXPORT(TILL "quick-sale")
string *quick_sale(char16_t *owner, size_t length, line *items, size_t count) {
  int32_t cart = new_cart(owner, length);
  for (size_t i = 0; i < count; i++) {
    add(cart, items[i].name.at, items[i].name.length, items[i].quantity, items[i].cents);
  }
  shown = receipt_of(cart);
  drop_cart(cart);
  free(owner);
  free_lines((lines){items, count});
  return &shown;
}
EXPORT("cabi_post_" TILL "quick-sale") void quick_sale_post_return(string *given) { free(given->at); }

EXPORT("cabi_realloc") void *cabi_realloc(void *old, size_t old_size, size_t alignment, size_t size) {
  (void)old_size, (void)alignment;
  /* What is empty is nowhere, so that freeing it does nothing. */
  if (size == 0) return NULL;
  void *made = realloc(old, size);
  if (made == NULL) __builtin_trap();
  return made;
}
