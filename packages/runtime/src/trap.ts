/** Traps: a component broke the Canonical ABI; its instance cannot be used any more. */

/** What a trap throws. The message is the rule that was broken, in the specification's words. */
export class Trap extends Error {
  override get name(): string {
    return 'Trap';
  }
}

/** Traps. Spec: `trap`. */
export function trap(rule: string): never {
  throw new Trap(rule);
}

/** Traps when the condition holds. Spec: `trap_if`. */
export function trapIf(condition: boolean, rule: string): void {
  if (condition) trap(rule);
}
