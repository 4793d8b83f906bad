/** Makes something when it is first asked for, and lets go of what it was made from. */
export function once<T>(make: () => T): () => T {
  let pending: (() => T) | undefined = make;
  let made: T;
  return () => {
    if (pending !== undefined) {
      made = pending();
      pending = undefined;
    }
    return made;
  };
}
