/** The output of all targets for one world, as it lies side by side. */
import type { World } from '@wittle/parser';
import { generate, targets, type GeneratedFile, type Target } from '../src/index.ts';
import { GENERATOR } from './generate.ts';

/** The files of every target, below its name (`bindings` for target `host`); `choice` are those options that it has. */
export function everyTarget(world: World, choice: object = {}): readonly GeneratedFile[] {
  const all = { importSuffix: '.ts', inProcess: true, glue: '../bindings', ...choice };
  return Object.values<Target<object>>({ ...targets }).flatMap((target) => {
    const options = Object.entries(all).filter(([key]) => key in target.defaults);
    const { files, diagnostics } = generate(world, target, Object.fromEntries(options), GENERATOR);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
    const directory = target === targets.host ? 'bindings' : target.name;
    return files.map((file) => ({ ...file, path: `${directory}/${file.path}` }));
  });
}
