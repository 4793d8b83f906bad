/** The options of the plug-in: one object, the same for every bundler, checked when the plug-in is made. */
import { schemaProblems, targets, type HostOptions } from '@wittle/codegen';

/** What to make of `.wit` and `.wasm` files that are imported. */
export interface Options extends FileOptions {
  /** What differs for some files, by their paths relative to the bundler's root: `{ 'wit/shop.wit': { world: 'shop' } }`. */
  readonly files?: Readonly<Record<string, FileOptions>>;
  /**
   * Where the declarations for TypeScript go: `app.d.wit.ts` for `app.wit`, `app.d.wasm.ts` for `app.wasm`. `true`: beside
   * the imported file. A directory, relative to the bundler's root: there, in the same folders as below the root (name it
   * in `rootDirs`). `false`: nowhere. Default `true`.
   */
  readonly types?: boolean | string;
}

/** What to make of a file. */
export interface FileOptions {
  /** The world, when there are several: `name`, `ns:package/name` or `ns:package/name@1.0.0`. */
  readonly world?: string;
  /** Features whose `@unstable` items are active. Default none. */
  readonly features?: readonly string[];
  /** All features are active. Default `false`. */
  readonly allFeatures?: boolean;
  /** What `wittle generate` has as flags of target `host`: `{ results: 'return', mayBlock: ['demo:shop/db#query'] }`. */
  readonly options?: GlueOptions;
}

/** The options of target `host`, but for those that say what is written. */
export type GlueOptions = Partial<Omit<HostOptions, 'emit' | 'importSuffix'>>;

/** {@link Options} with everything filled in. */
export interface CheckedOptions extends FileOptions {
  readonly files: Readonly<Record<string, FileOptions>>;
  readonly types: boolean | string;
}

/** What bundlers call the plug-in. */
export const pluginName = '@wittle/unplugin';

/** Fills in the options. Throws a `TypeError` that names everything that is wrong with them. */
export function checkOptions(given: Options = {}): CheckedOptions {
  const problems = schemaProblems(schema, given).map(({ path, message, hint }) => {
    const where = path.length === 0 ? '' : `${path.join('.')}: `;
    return `${where}${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
  if (problems.length > 0) throw new TypeError(`@wittle/unplugin: ${problems.join('; ')}`);
  return { ...given, files: given.files ?? {}, types: given.types ?? true };
}

const { emit: _emit, importSuffix: _suffix, ...glueSchemas } = propertiesOf(targets.host.optionsSchema);

const fileSchemas = {
  world: { type: 'string', minLength: 1 },
  features: { type: 'array', items: { type: 'string', minLength: 1 } },
  allFeatures: { type: 'boolean' },
  options: { type: 'object', additionalProperties: false, properties: glueSchemas },
};

const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...fileSchemas,
    files: {
      type: 'object',
      additionalProperties: { type: 'object', additionalProperties: false, properties: fileSchemas },
    },
    types: { type: ['boolean', 'string'], minLength: 1 },
  },
};

function propertiesOf(of: object): Readonly<Record<string, object>> {
  return (of as { readonly properties: Readonly<Record<string, object>> }).properties;
}
