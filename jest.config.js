/** Jest on the TypeScript sources as they are: Node strips the types, positions stay. */
import { availableParallelism } from 'node:os';

export default {
  // Two processors are two: Jest would leave one of them to a watching editor.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  roots: ['<rootDir>/packages', '<rootDir>/examples'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['wittle-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/strip-types.cjs' },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.*/out/'],
  testTimeout: 60000,
};
