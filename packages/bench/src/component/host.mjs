// What world `large` imports.
export const seed = () => 5;
