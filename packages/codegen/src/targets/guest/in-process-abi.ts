/** The names of `@wittle/runtime/guest` that generated code uses. */
import type { Name } from '../../emit/code.ts';

const VALUES = [
  'boolType',
  'borrow',
  'charType',
  'enumeration',
  'f32Type',
  'f64Type',
  'fixedLengthList',
  'flags',
  'guestModule',
  'kindVariant',
  'list',
  'map',
  'option',
  'own',
  'record',
  'result',
  's16Type',
  's32Type',
  's64Type',
  's8Type',
  'stringType',
  'tuple',
  'u16Type',
  'u32Type',
  'u64Type',
  'u8Type',
  'variant',
] as const;
const TYPES = [
  'GuestLimits',
  'GuestModule',
  'GuestWorld',
  'InstanceLimits',
  'InstantiateOptions',
  'ValueType',
] as const;

type GuestAbiName = (typeof VALUES)[number] | (typeof TYPES)[number];

/** The names, as values for templates. */
export const guestAbi: Readonly<Record<GuestAbiName, Name>> = Object.fromEntries(
  [...VALUES, ...TYPES].map((name) => [
    name,
    {
      kind: 'name',
      name,
      from: '@wittle/runtime/guest',
      fromPackage: true,
      isType: (TYPES as readonly string[]).includes(name),
      // Generated code has a function of this name, too.
      ...(name === 'guestModule' ? { alias: 'moduleOf' } : {}),
    } satisfies Name,
  ]),
) as unknown as Record<GuestAbiName, Name>;
