/** Values against JSON schemas: the validator is loaded when one does not fit. */
import type { SchemaProblem } from '@wittle/codegen';
import { fits } from '@wittle/codegen/run';

/** What is wrong with a value by a schema, as `schemaProblems` of the generator says it. */
export async function problemsBySchema(schema: object, value: unknown): Promise<readonly SchemaProblem[]> {
  if (fits(schema, value)) return [];
  const { schemaProblems } = await import('@wittle/codegen');
  return schemaProblems(schema, value);
}
