/**
 * What a trap is about. The reference's texts and ours differ, their classes must not. A text of the reference that is
 * in no class here stands for any trap.
 */

interface TrapClass {
  /** In the expectations of scripts. A group that captures is a detail that ours has to name, too. */
  readonly reference: RegExp;
  /** In our traps and in V8's. */
  readonly ours: RegExp;
}

const classes: readonly TrapClass[] = [
  // Core WebAssembly
  { reference: /unreachable/, ours: /^unreachable$/ },
  { reference: /out of bounds memory access/, ours: /memory access out of bounds/ },
  { reference: /out of bounds table access|undefined element/, ours: /table index is out of bounds/ },
  { reference: /integer divide by zero/, ours: /(?:divide|remainder) by zero/ },
  {
    reference: /integer overflow|invalid conversion/,
    ours: /divide result unrepresentable|float unrepresentable/,
  },
  { reference: /indirect call type mismatch/, ours: /signature mismatch/ },
  { reference: /call stack exhausted/, ours: /call stack/ },
  { reference: /uncaught exception/, ours: /uncaught|exception/ },

  // Values
  {
    reference:
      /(?:string|list) (?:content|pointer).*out[- ]of[- ]bounds|realloc return: beyond end of memory/,
    ours: /out of bounds|byte length \d+ is greater than/,
  },
  { reference: /unaligned pointer|not aligned/, ours: /unaligned pointer/ },
  { reference: /utf-?8|utf-?16|unpaired surrogate/i, ours: /utf-?8|utf-?16|surrogate/i },
  { reference: /discriminant/, ours: /invalid \S+ discriminant/ },
  { reference: /`char` bit pattern|integer .* to `char`/, ours: /not a Unicode scalar value/ },

  // Handles
  { reference: /unknown handle index(?: (\d+))?/, ours: /unknown handle index (\d+)/ },
  { reference: /used with the wrong type/, ours: /used with the wrong type/ },
  {
    reference: /cannot (?:remove|lift) owned resource while borrowed/,
    ours: /handle index \d+(?: is|: it is) lent/,
  },
  { reference: /borrow handles still remain/, ours: /borrow handles still remain/ },
  { reference: /cannot lift own resource from a borrow/, ours: /handle index \d+ is a borrow/ },

  // Instances
  { reference: /cannot enter component instance/, ours: /cannot enter component instance|is dead/ },
  { reference: /cannot leave component instance/, ours: /cannot leave component instance/ },

  // Tasks
  { reference: /failed to produce a result/, ours: /without having called `task\.return`/ },
  { reference: /unsupported callback code/, ours: /unsupported callback code/ },
  { reference: /cannot block a synchronous task/, ours: /cannot block a synchronous task/ },
  { reference: /deadlock|cannot make further progress/, ours: /deadlock/ },
  { reference: /backpressure counter overflow/, ours: /backpressure/ },
];

/** What is not there traps, too, but not as the script means it. */
const missing = /cannot be run|cannot wait yet/;

/** How a trap that was expected and one that happened compare. */
export type Agreement = 'same class' | 'no class' | 'other class';

export function compareTraps(expected: string, actual: string): Agreement {
  if (missing.test(actual)) return 'other class';
  const found = classes.find(({ reference }) => reference.test(expected));
  if (found === undefined) return 'no class';
  const detail = found.reference.exec(expected)?.[1];
  const ours = found.ours.exec(actual);
  return ours !== null && (detail === undefined || ours[1] === detail) ? 'same class' : 'other class';
}
