/** Ways out of running code: break, continue, return, exit. Thrown by builtins, caught where they belong. */

export class BreakLoop extends Error {
  readonly levels: number
  constructor(levels: number) {
    super('break')
    this.levels = levels
  }
}

export class ContinueLoop extends Error {
  readonly levels: number
  constructor(levels: number) {
    super('continue')
    this.levels = levels
  }
}

export class ReturnFrom extends Error {
  readonly status: number
  constructor(status: number) {
    super('return')
    this.status = status
  }
}

export class ExitShell extends Error {
  readonly status: number
  constructor(status: number) {
    super('exit')
    this.status = status
  }
}

/** An expansion that cannot be done: ends the command (an interactive shell goes on, a script ends). */
export class ExpansionError extends Error {
  readonly status: number
  constructor(message: string, status = 1) {
    super(message)
    this.status = status
  }
}
