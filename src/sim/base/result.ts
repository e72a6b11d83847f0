/** A refusal is a value, not an exception: `{ok: false, error}` with an errno-like code. */

export type Result<T, E = Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E }

/** `code` is the kernel's errno name (`EEXIST`) or a name of the room's own; `detail` is for the wording. */
export interface Refusal {
  readonly code: string
  readonly detail?: string
}

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function refuse(code: string, detail?: string): { readonly ok: false; readonly error: Refusal } {
  return { ok: false, error: detail === undefined ? { code } : { code, detail } }
}
