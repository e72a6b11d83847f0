/**
 * Who runs and who waits. Tasks (shells, short commands) are asynchronous code; virtual time moves only when all of them
 * wait. A condition is looked at again after each event of the world.
 */
import { nextTime } from '../sim/base/event-queue.ts'
import { stepWorld } from '../sim/world/step.ts'
import type { World } from '../sim/world/world.ts'

interface Waiter {
  readonly condition: () => boolean
  readonly atUs: number
  readonly resolve: () => void
}

declare function setImmediate(callback: () => void): unknown
declare const performance: { now(): number }

/** Lets the machine's event loop turn (keys, Ctrl-C, painting). */
export function turnEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Wake-ups and events between two turns of the machine's event loop; and milliseconds, when they are long ones. */
const TURN = 64
const TURN_MS = 8

export class Scheduler {
  readonly world: World
  /** Called when processes wait for a driver (`world.ready`). */
  onReady: () => void = () => {}
  onFailure: (problem: unknown) => void = (problem) => {
    throw problem
  }
  /** Called when all wait: takes what was written off the screens' buffers; true when somebody may go on by that. */
  onSettled: () => boolean = () => false
  private running = 0
  private waiters: Waiter[] = []
  private idle: (() => void) | null = null
  private abandoned = false
  private turns = 0
  private turnedAt = 0
  private driving = false

  constructor(world: World) {
    this.world = world
  }

  /** Runs code as a task of its own. */
  start(code: () => Promise<void>): void {
    this.running++
    void Promise.resolve()
      .then(code)
      .catch((problem: unknown) => {
        if (!this.abandoned) this.onFailure(problem)
      })
      .finally(() => this.rest())
  }

  private rest(): void {
    this.running--
    if (this.running === 0) this.idle?.()
  }

  /** For tasks only. `atUs`: the world's clock is to stop there even if nothing happens then. */
  until(condition: () => boolean, atUs = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.abandoned) return new Promise(() => {})
    if (condition()) return Promise.resolve()
    return new Promise((resolve) => {
      this.waiters.push({ condition, atUs, resolve })
      this.rest()
    })
  }

  /** The world is given up (undo): nothing of what waits here goes on. */
  abandon(): void {
    this.abandoned = true
    this.waiters = []
    this.idle?.()
  }

  get isAbandoned(): boolean {
    return this.abandoned
  }

  /** Goes on with those whose condition holds; false when there are none. */
  private wake(): boolean {
    if (this.world.ready.length > 0) this.onReady()
    const due = this.waiters.filter((waiter) => waiter.condition())
    if (due.length === 0) return this.running > 0
    this.waiters = this.waiters.filter((waiter) => !due.includes(waiter))
    this.running += due.length
    for (const waiter of due) waiter.resolve()
    return true
  }

  /** Until all wait and no condition holds. */
  private async settle(isOver: () => boolean): Promise<void> {
    while (!this.abandoned) {
      if (this.running > 0) {
        await new Promise<void>((resolve) => {
          this.idle = resolve
        })
        this.idle = null
        continue
      }
      if (isOver() || !this.wake()) return
      if (this.isTurnDue()) await turnEventLoop()
    }
  }

  /** A key waits no longer than this, whatever runs. */
  private isTurnDue(): boolean {
    const now = performance.now()
    if (++this.turns % TURN !== 0 && now - this.turnedAt < TURN_MS) return false
    this.turnedAt = now
    return true
  }

  private nextUs(): number {
    let next = nextTime(this.world.queue)
    for (const waiter of this.waiters) if (waiter.atUs < next) next = waiter.atUs
    return next
  }

  /**
   * Lets the world go on until the goal holds (true), the deadline has come or nothing is left to happen (false). One
   * caller at a time; another one waits for its turn.
   */
  async drive(goal: () => boolean, deadlineUs = Number.POSITIVE_INFINITY): Promise<boolean> {
    while (this.driving && !this.abandoned) await turnEventLoop()
    this.driving = true
    try {
      return await this.run(goal, deadlineUs)
    } finally {
      this.driving = false
    }
  }

  private async run(goal: () => boolean, deadlineUs: number): Promise<boolean> {
    const { world } = this
    for (;;) {
      await this.settle(() => this.waiters.length === 0 && world.ready.length === 0)
      if (this.abandoned) return true
      const taken = this.onSettled()
      if (goal()) return true
      if (taken && this.waiters.some((waiter) => waiter.condition())) continue
      const next = this.nextUs()
      if (next > deadlineUs || next === Number.POSITIVE_INFINITY) {
        if (deadlineUs !== Number.POSITIVE_INFINITY && world.nowUs < deadlineUs) world.nowUs = deadlineUs
        return false
      }
      if (nextTime(world.queue) <= next) stepWorld(world)
      else world.nowUs = Math.max(world.nowUs, next)
      if (this.isTurnDue()) await turnEventLoop()
    }
  }
}
