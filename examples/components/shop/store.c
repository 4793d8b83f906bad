/* The provider: carts, with strings in UTF-8. A cart's representation is its address. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name("example:shop/carts@0.1.0#" name)))
#define IMPORT(name) __attribute__((import_module("[export]example:shop/carts@0.1.0"), import_name(name)))

typedef struct {
  char *at;
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

typedef struct {
  string owner;
  lines lines;
} cart;

static uint32_t alive;

IMPORT("[resource-new]cart") int32_t new_handle(cart *representation);

EXPORT("[constructor]cart") int32_t make(char *owner, size_t length) {
  cart *made = calloc(1, sizeof(cart));
  made->owner = (string){owner, length};
  alive++;
  return new_handle(made);
}

EXPORT("[dtor]cart") void destroy(cart *self) {
  for (size_t i = 0; i < self->lines.length; i++) free(self->lines.at[i].name.at);
  free(self->lines.at);
  free(self->owner.at);
  free(self);
  alive--;
}

EXPORT("[static]cart.alive") uint32_t count(void) { return alive; }

EXPORT("[method]cart.add")
void add(cart *self, char *name, size_t length, uint32_t quantity, uint64_t cents) {
  self->lines.at = realloc(self->lines.at, (self->lines.length + 1) * sizeof(line));
  self->lines.at[self->lines.length++] = (line){{name, length}, quantity, cents};
}

/* What is returned is the cart's own, so there is nothing to free afterwards. */
EXPORT("[method]cart.owner") string *owner(cart *self) { return &self->owner; }
EXPORT("[method]cart.lines") lines *all(cart *self) { return &self->lines; }

__attribute__((export_name("cabi_realloc")))
void *cabi_realloc(void *old, size_t old_size, size_t alignment, size_t size) {
  (void)old_size, (void)alignment;
  /* What is empty is nowhere, so that freeing it does nothing. */
  if (size == 0) return NULL;
  void *made = realloc(old, size);
  if (made == NULL) __builtin_trap();
  return made;
}
