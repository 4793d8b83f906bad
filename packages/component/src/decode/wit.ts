/** Binaries to WIT text: components, and WIT packages in binary form. */
import type { Interface, Package, PackageName } from '@wittle/parser';
import { InvalidBinary, MalformedBinary, type BinaryProblem } from '../binary/reader.ts';
import { readComponent } from '../binary/sections.ts';
import type { ValidComponent } from '../validate/component-type.ts';
import { validateComponent } from '../validate/validate.ts';
import { decodeWorld, type DecodedPackages } from './component.ts';
import { embeddedWorld, isCoreModule } from './core-module.ts';
import { NotInWit } from './not-in-wit.ts';
import { printPackage } from './print.ts';
import { decodePackage, isWitPackage } from './wit-package.ts';

/** A package as WIT text. */
export interface DecodedPackage {
  readonly name: PackageName;
  readonly text: string;
}

/** What a binary declares, as text. */
export interface DecodedWit {
  /** All of it as one file: the package, and the others nested in it as far as they are needed. */
  readonly text: string;
  readonly package: DecodedPackage;
  /**
   * The interfaces of other packages, as far as a WIT package needs them; a package in full is better where there is
   * one. Those of a component are in its text.
   */
  readonly needs: readonly NeededInterface[];
}

/** An interface of another package as a WIT file of its own, with its `package` header. */
export interface NeededInterface {
  readonly package: PackageName;
  readonly name: string;
  readonly text: string;
}

/** `wit` is there when `problem` is not. */
export type WitDecoding =
  | { readonly wit: DecodedWit; readonly problem: undefined }
  | { readonly wit: undefined; readonly problem: BinaryProblem };

/**
 * Decodes what a component imports and exports: a world `root` of package `root:component`, with the packages of its
 * interfaces nested in the text. They have what the component has, which may be less than the published packages.
 * Never throws: what is wrong with the binary, or cannot be said in WIT, is the `problem`, with its byte offset. Takes
 * bounded time and memory.
 *
 * ```ts
 * const { wit, problem } = decodeComponent(bytes);
 * if (wit !== undefined) resolve({ sources: [{ name: 'shop.wasm', text: wit.package.text }] });
 * ```
 */
export function decodeComponent(bytes: Uint8Array): WitDecoding {
  return decoding(bytes, (component) => {
    if (isWitPackage(component))
      throw new NotInWit('this is a WIT package in binary form, not a component', 0);
    return componentWit(component);
  });
}

/** Decodes a WIT package in binary form as {@link decodeComponent} does a component. */
export function decodeWitPackage(bytes: Uint8Array): WitDecoding {
  return decoding(bytes, (component) => {
    const [item] = [...component.type.imports.values(), ...component.type.exports.values()];
    if (item === undefined) throw new NotInWit('this component exports no WIT package', 0);
    if (!isWitPackage(component))
      throw new NotInWit('this is a component, not a WIT package', item.name.offset);
    return packageWit(component);
  });
}

/**
 * Decodes either: what exports nothing but component types is a WIT package. Of a core module it decodes the world that
 * it was made for, which tools leave in it until they make a component; other packages are then nested in the text.
 */
export function decodeWit(bytes: Uint8Array): WitDecoding {
  if (isCoreModule(bytes)) return decodeEmbedded(bytes);
  return decoding(bytes, (component) =>
    isWitPackage(component) ? packageWit(component) : componentWit(component),
  );
}

function decodeEmbedded(bytes: Uint8Array): WitDecoding {
  let start = 0;
  const found = caught(() => {
    const { contents, contentsOffset } = embeddedWorld(bytes);
    start = contentsOffset;
    return decoding(contents, (component) => wholeWit(decodePackage(component)));
  });
  if (found.problem === undefined) return found;
  const { message, offset } = found.problem;
  return { wit: undefined, problem: { message, offset: start + offset } };
}

function decoding(bytes: Uint8Array, decode: (component: ValidComponent) => DecodedWit): WitDecoding {
  return caught(() => {
    const { component, problems } = validateComponent(readComponent(bytes));
    if (component === undefined) return { wit: undefined, problem: problems[0]! };
    return { wit: decode(component), problem: undefined };
  });
}

function caught(decode: () => WitDecoding): WitDecoding {
  try {
    return decode();
  } catch (thrown) {
    const isKnown = [MalformedBinary, InvalidBinary, NotInWit].some((kind) => thrown instanceof kind);
    if (!isKnown) throw thrown;
    const { message, offset } = thrown as BinaryProblem;
    return { wit: undefined, problem: { message, offset } };
  }
}

function componentWit(component: ValidComponent): DecodedWit {
  return wholeWit(decodeWorld(component));
}

function wholeWit({ main, others }: DecodedPackages): DecodedWit {
  const text = printPackage(main, others);
  return { text, package: { name: main.name, text }, needs: [] };
}

function packageWit(component: ValidComponent): DecodedWit {
  const { main, others } = decodePackage(component);
  const needs = others.flatMap((of) => [...of.interfaces].map(([name, each]) => needed(of, name, each)));
  const text = printPackage(main, others);
  return { text, package: { name: main.name, text: printPackage(main) }, needs };
}

function needed(of: Package, name: string, each: Interface): NeededInterface {
  const alone: Package = { ...of, interfaces: new Map([[name, each]]) };
  return { package: of.name, name, text: printPackage(alone) };
}
