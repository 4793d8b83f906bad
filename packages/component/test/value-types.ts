/** Value types as validation makes them, in few words. */
import type { FunctionType, ValueType } from '../src/validate/component-type.ts';

export const u8: ValueType = { kind: 'u8' };
export const u32: ValueType = { kind: 'u32' };
export const string: ValueType = { kind: 'string' };

export const list = (element: ValueType): ValueType => ({ kind: 'list', element });
export const option = (type: ValueType): ValueType => ({ kind: 'option', type });
export const tuple = (...types: readonly ValueType[]): ValueType => ({ kind: 'tuple', types });
export const result = (ok?: ValueType, err?: ValueType): ValueType => ({ kind: 'result', ok, err });
export const enumeration = (...labels: readonly string[]): ValueType => ({ kind: 'enum', labels });
export const flags = (...labels: readonly string[]): ValueType => ({ kind: 'flags', labels });
export const map = (key: ValueType, value: ValueType): ValueType => ({ kind: 'map', key, value });
export const fixedLengthList = (element: ValueType, length: number): ValueType => ({
  kind: 'fixed-length-list',
  element,
  length,
});

export const record = (fields: Readonly<Record<string, ValueType>>): ValueType => ({
  kind: 'record',
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});

export const variant = (cases: Readonly<Record<string, ValueType | undefined>>): ValueType => ({
  kind: 'variant',
  cases: Object.entries(cases).map(([name, type]) => ({ name, type })),
});

export const own: ValueType = {
  kind: 'own',
  resource: { kind: 'resource', identity: { name: 'socket', defined: undefined } },
};

export const func = (params: Readonly<Record<string, ValueType>>, result?: ValueType): FunctionType => ({
  kind: 'function',
  async: false,
  params: Object.entries(params).map(([name, type]) => ({ name, type })),
  result,
});
