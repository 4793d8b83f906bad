/** Handles: lifted from and lowered to numbers in the guest's table. */
import type { TypeDefinition } from '@wittle/parser';
import { code, ts, type Code, type Name, type Piece } from '../../../emit/code.ts';
import { abi, instanceType } from '../abi.ts';
import { resourceOf, typeSymbol } from '../../../world/plan.ts';
import type { Context } from './context.ts';
import { functionOf, LOWERED_HANDLE } from './functions.ts';

/** An expression for what is behind a handle. Spec: `lift_own`, `lift_borrow`. */
export function liftHandle(cx: Context, kind: 'own' | 'borrow', handle: TypeDefinition, index: Code): Code {
  const { side, type, index: resource } = resourceOf(cx.plan, cx.side, handle);
  const lifted =
    kind === 'own'
      ? code`${abi.liftOwn}(cx, ${index}, ${resource})`
      : cx.account !== undefined
        ? code`${abi.liftLent}(cx, ${index}, ${resource}, ${cx.account})`
        : code`${abi.liftBorrow}(cx, ${index}, ${resource})`;
  return code`${lifted}${ts` as ${typeSymbol(side, type)}`}`;
}

/** An expression for the handle of a checked value. Spec: `lower_own`, `lower_borrow`. */
export function lowerHandle(
  cx: Context,
  kind: 'own' | 'borrow',
  handle: TypeDefinition,
  value: Piece,
  path: string,
): Code {
  const { side, index: resource } = resourceOf(cx.plan, cx.side, handle);
  const lowered = code`${kind === 'own' ? abi.lowerOwn : abi.lowerBorrow}(cx, ${value}, ${resource}, ${path})`;
  // The guest gets its own resources as they are when they are borrowed: nothing is to be taken back.
  const noted = cx.account !== undefined && (kind === 'own' || side.direction === 'import');
  return noted ? code`${noteHandle(cx)}(${cx.account}, ${lowered}, ${resource}, ${value})` : lowered;
}

/** The function that notes a lowered handle in the call's account, and gives it. */
function noteHandle(cx: Context): Name {
  return functionOf(
    cx,
    'noteHandle',
    'noteHandle',
    (name) => code`/** A handle that was lowered, noted in case a later value of the same call cannot be. */
      function ${name}(account${ts`: ${LOWERED_HANDLE}[]`}, index${ts`: number`}, resource${ts`: number`}, value${ts`: unknown`})${ts`: number`} {
        account.push({ index, resource, value });
        return index;
      }`,
  );
}

/** The function that undoes the lowering of handles: the guest has not been told, the host owns again what it gave. */
export function takeBack(cx: Context): Name {
  return functionOf(
    cx,
    'takeBack',
    'takeBack',
    (
      name,
    ) => code`/** Takes back the handles of a call that cannot be made: the guest was not told, the host owns them again. */
      function ${name}(cx${ts`: ${instanceType}`}, account${ts`: ${LOWERED_HANDLE}[]`})${ts`: void`} {
        while (account.length > 0) {
          const { index, resource, value } = account.pop()${ts`!`};
          const type = cx.resources[resource]${ts`!`};
          const handle = cx.handles.remove(index, type);
          if (!handle.own) cx.borrows--;
          else if (type.destructor !== undefined) ${ts`(`}value${ts` as ${abi.GuestObject})`}[${abi.guest}].rep = handle.rep${ts` as number`};
        }
      }`,
  );
}
