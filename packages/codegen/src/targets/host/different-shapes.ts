/** Which values and results of a world have other shapes than components give them that run without generated code. */
import { resolveAlias, type Type, type TypeDefinition, type WitFunction } from '@wittle/parser';
import { code, quote, type Code } from '../../emit/code.ts';
import { shapeDefaults, type Shapes } from '../../typescript/shapes.ts';
import { isOption } from '../../typescript/types.ts';
import { resultOf } from '../../world/functions.ts';
import { partsOf } from '../../world/part-kinds.ts';
import type { Plan, Side } from '../../world/plan.ts';

/** What is said of components that are run by descriptors; nothing when the shapes make no difference to the world. */
export function differentShapes({ imports, exports }: Plan): Code | undefined {
  const sides = [...imports, ...exports];
  const changed = [
    ...new Set(
      sides.flatMap((side) => [
        ...(returnsResults(side) ? [`results=${side.shapes.results}`] : []),
        ...(hasOtherVariants(side) ? [`variants=${side.shapes.variants}`] : []),
      ]),
    ),
  ];
  if (changed.length === 0) return undefined;
  const problem = `this code was generated with ${changed.toSorted().join(' ')}, which does not go with this component: it is made of several, has strings other than UTF-8, or exports resources that the world does not have. Generate for it with the default shapes`;
  return code`needsCore: ${quote(problem)},\n`;
}

function returnsResults({ functions, shapes }: Side): boolean {
  return functions.some((of) => resultOf(of, shapeDefaults).fails && !resultOf(of, shapes).fails);
}

function hasOtherVariants({ functions, shapes }: Side): boolean {
  if (shapes.variants === shapeDefaults.variants) return false;
  return functions.some((of) => valuesOf(of, shapes).some(hasTags));
}

/** The types of what a function takes, gives and throws. */
function valuesOf(of: WitFunction, shapes: Shapes): readonly (Type | undefined)[] {
  const { value, error } = resultOf(of, shapes);
  return [...of.params.map((param) => param.type), value, error];
}

// A definition may be used by many others, and those by many more: each is looked through once.
const known = new WeakMap<TypeDefinition, boolean>();

/** Whether a value of the type is or holds an object with a tag. */
function hasTags(type: Type | undefined): boolean {
  if (type === undefined) return false;
  const behind = resolveAlias(type);
  if (behind.kind !== 'type-definition') return false;
  const found = known.get(behind);
  if (found !== undefined) return found;
  const { shape } = behind;
  const isTagged =
    shape.kind === 'variant' || shape.kind === 'result' || (shape.kind === 'option' && isOption(shape.type));
  const made = isTagged || partsOf(shape).some(hasTags);
  known.set(behind, made);
  return made;
}
