/** Validation of components. Binary.md, Explainer.md and CanonicalABI.md say what is valid. */
import { readCoreModule } from '../binary/core-module.ts';
import type {
  ComponentDefinition,
  Declaration,
  Item,
  ScopeTypeDefinition,
  TypeDefinition,
} from '../binary/definition.ts';
import { MalformedBinary, type BinaryProblem } from '../binary/reader.ts';
import { addAlias } from './aliases.ts';
import { addCanon } from './canons.ts';
import type { AnyType, ComponentType, InstanceType, ItemFacts, ValidComponent } from './component-type.ts';
import { defineCoreType, defineModuleType } from './core-types.ts';
import { addDeclared, addExport } from './externs.ts';
import { addCoreInstance, addInstance } from './instances.ts';
import { bounded, fail, locate } from './invalid.ts';
import { Scope } from './scope.ts';
import { addStart } from './start.ts';
import { factsOf } from './type-facts.ts';
import { defineFunctionType, defineResourceType, defineValueType } from './value-types.ts';

/** A component that is valid, or what is wrong with it. */
export type Validation =
  | { readonly component: ValidComponent; readonly problems: readonly [] }
  | { readonly component: undefined; readonly problems: readonly BinaryProblem[] };

/**
 * Validates a component with all that is inside it, except the code of its core modules, which engines validate. Takes
 * bounded time and memory for any definition.
 */
export function validateComponent(definition: ComponentDefinition): Validation {
  try {
    return { component: validComponent(definition), problems: [] };
  } catch (error) {
    if (!(error instanceof MalformedBinary)) throw error;
    const { message, offset } = error;
    return { component: undefined, problems: [{ message, offset }] };
  }
}

/** The same; throws `MalformedBinary` for what is wrong. */
export function validComponent(definition: ComponentDefinition): ValidComponent {
  return bounded(() => validate(definition, undefined));
}

function validate(definition: ComponentDefinition, outer: Scope | undefined): ValidComponent {
  const scope = new Scope('component', outer);
  const facts = definition.items.map((item) => addItem(scope, item) ?? none);
  const type = scope.finishComponent(definition.offset);
  factsOf(type);
  return { definition, type, facts };
}

const none: ItemFacts = { kind: 'none' };

function addItem(scope: Scope, item: Item): ItemFacts | void {
  const { kind, offset } = item;
  locate(offset);
  switch (kind) {
    case 'core module': {
      const type = defineModuleType(scope, readCoreModule(item.bytes, offset));
      scope.add(kind, type);
      return { kind, type };
    }
    case 'core instance':
      return addCoreInstance(scope, item.expression);
    case 'core type':
      return defineCoreType(scope, item.definition);
    case 'component': {
      const component = validate(item.definition, scope);
      scope.add(kind, component.type);
      return { kind, component };
    }
    case 'instance':
      return addInstance(scope, item.expression);
    case 'alias':
      return addAlias(scope, item.alias);
    case 'type': {
      const type = defineType(scope, item.definition, offset);
      scope.add(kind, type);
      return type.kind === 'resource' ? { kind: 'resource', type } : none;
    }
    case 'canon':
      return addCanon(scope, item.canon);
    case 'start':
      return addStart(scope, item);
    case 'import':
      return addDeclared(scope, kind, item.name, item.type);
    case 'export':
      return addExport(scope, item.name, item.item, item.type);
    case 'value':
      // Their bytes are not decoded; no tool writes them.
      return fail('value definitions are not supported');
    case 'custom':
      return none;
  }
}

/** Spec: `deftype`. */
function defineType(scope: Scope, definition: TypeDefinition, offset: number): AnyType {
  switch (definition.kind) {
    case 'function':
      return defineFunctionType(scope, definition);
    case 'resource':
      return defineResourceType(scope, definition);
    case 'component':
    case 'instance':
      return defineScopeType(scope, definition, offset);
    default:
      return defineValueType(scope, definition);
  }
}

/** Spec: `componenttype`, `instancetype`. */
function defineScopeType(
  outer: Scope,
  { kind, declarations }: ScopeTypeDefinition,
  offset: number,
): ComponentType | InstanceType {
  const scope = new Scope(`${kind} type`, outer);
  for (const declaration of declarations) addDeclaration(scope, declaration);
  const type = kind === 'component' ? scope.finishComponent(offset) : scope.finishInstance();
  factsOf(type);
  return type;
}

function addDeclaration(scope: Scope, declaration: Declaration): void {
  const { kind, offset } = declaration;
  locate(offset);
  switch (kind) {
    case 'core type':
      return defineCoreType(scope, declaration.definition);
    case 'type':
      return scope.add(kind, defineType(scope, declaration.definition, offset));
    case 'alias':
      return addAlias(scope, declaration.alias);
    case 'import':
    case 'export':
      addDeclared(scope, kind, declaration.name, declaration.type);
  }
}
