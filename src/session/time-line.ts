/** Where undo goes back to and redo forward: a snapshot for each line that was run. */
import type { Snapshot } from './snapshot.ts'

/** Prompts to which undo goes back. */
export const MOST_SNAPSHOTS = 100
const TRAVEL = /^\s*tutor\s+(undo|redo|reset)\b/

export class TimeLine {
  private past: Snapshot[] = []
  private future: Snapshot[] = []
  private first: Snapshot | null = null
  /** Where things stood when `tutor undo` was typed. */
  departure: Snapshot | null = null

  get hasBegun(): boolean {
    return this.first !== null
  }

  get isTravelling(): boolean {
    return this.departure !== null
  }

  /** Called with what stood when a line was typed; false: the line itself is about going back or forward. */
  remember(now: Snapshot, line: string): boolean {
    this.first ??= now
    if (TRAVEL.test(line)) {
      this.departure = now
      return false
    }
    this.past.push(now)
    if (this.past.length > MOST_SNAPSHOTS) this.past.shift()
    this.future = []
    return true
  }

  back(now: Snapshot): Snapshot | null {
    const target = this.past.pop()
    if (target === undefined) return null
    this.future.push(now)
    return target
  }

  forward(now: Snapshot): Snapshot | null {
    const target = this.future.pop()
    if (target === undefined) return null
    this.past.push(now)
    return target
  }

  beginning(now: Snapshot): Snapshot | null {
    if (this.first === null) return null
    this.past.push(now)
    this.future = []
    return this.first
  }

  arrive(): void {
    this.departure = null
  }
}
