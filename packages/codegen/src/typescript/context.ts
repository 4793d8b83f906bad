/** Where types are named: which side of which world, and how its declared types are called there. */
import type { Type } from '@wittle/parser';
import { code, type Code } from '../emit/code.ts';
import { declared, typeSymbol, type Plan, type Side } from '../world/plan.ts';
import { numberArray, typeExpression, type TypeStyle } from './types.ts';

export interface TypeContext {
  readonly plan: Plan;
  readonly side: Side;
}

/** How types are written here. */
export function styleOf(cx: TypeContext): TypeStyle {
  return {
    nameOf: (of) => {
      const { side, type } = declared(cx.plan, cx.side, of);
      return typeSymbol(side, type);
    },
    shapes: cx.side.shapes,
  };
}

/** The TypeScript type of a value. */
export function typeOf(cx: TypeContext, type: Type): Code {
  return typeExpression(type, styleOf(cx));
}

/** The type of a parameter: a list written in place may be one that is not changed. */
export function parameterType(cx: TypeContext, type: Type): Code {
  const isArray =
    type.kind === 'type-definition' &&
    type.name === undefined &&
    type.shape.kind === 'list' &&
    numberArray(type.shape.element) === undefined;
  return isArray && !cx.side.shapes.readonly ? code`readonly ${typeOf(cx, type)}` : typeOf(cx, type);
}
