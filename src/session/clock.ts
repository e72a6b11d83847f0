/** How a session lets its world's time pass: for so long, until something holds, until a job has ended. */
import type { World } from '../sim/world/world.ts'
import type { Job } from './job.ts'
import type { Scheduler } from './scheduler.ts'

export abstract class SessionClock {
  abstract world: World
  abstract scheduler: Scheduler

  /** What was cut short by a jump begins anew when time goes on. */
  protected abstract revive(): void

  /** Lets virtual time pass, or stops earlier when the goal holds. */
  async advance(us: number, goal: () => boolean = () => false): Promise<void> {
    this.revive()
    const end = this.world.nowUs + us
    for (;;) {
      const { scheduler } = this
      await scheduler.drive(goal, end)
      if (scheduler === this.scheduler || goal()) return
    }
  }

  /** Until a condition holds; false when the time is up or nothing is left to happen. */
  async waitUntil(goal: () => boolean, limitUs = Number.POSITIVE_INFINITY): Promise<boolean> {
    this.revive()
    return this.go(goal, limitUs)
  }

  protected async go(goal: () => boolean, limitUs: number): Promise<boolean> {
    const end = this.world.nowUs + limitUs
    for (;;) {
      const { scheduler } = this
      const reached = await scheduler.drive(goal, end)
      if (scheduler === this.scheduler) return reached
    }
  }

  /** The job's exit status; null when it did not end in time. */
  async waitFor(job: Job, limitUs = 120_000_000): Promise<number | null> {
    await this.waitUntil(() => job.status !== null, limitUs)
    job.take()
    return job.status
  }
}
