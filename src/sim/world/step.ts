/** The event loop: takes the next thing that is due and hands it to the room that knows it. */
import { dequeue, nextTime } from '../base/event-queue.ts'
import { onDaemonExit, onRestartAlarm, RESTART_ALARM } from '../docker/daemon.ts'
import { onAlarm, onProcessExit } from '../docker/lifecycle.ts'
import { receiveFrame } from '../kernel/link/receive.ts'
import type { SimulationEvent } from '../kernel/simulation.ts'
import { handleTimer } from '../kernel/timers.ts'
import { monitorsToWake } from '../process/netlink-monitor.ts'
import { stepProcess } from '../process/programs.ts'
import type { World } from './world.ts'

/** Lets the next event happen; false when nothing is to come. */
export function stepWorld(world: World): boolean {
  const next = dequeue(world.queue)
  if (next === undefined) return false
  if (next.atUs > world.nowUs) world.nowUs = next.atUs
  dispatch(world, next.event)
  if (world.monitors !== undefined && world.monitors.length > 0) tellMonitors(world)
  return true
}

/** Lets happen all that is due up to `untilUs`, and moves the clock there. */
export function advanceWorld(world: World, untilUs: number): void {
  while (nextTime(world.queue) <= untilUs) stepWorld(world)
  if (untilUs > world.nowUs) world.nowUs = untilUs
}

const NETLINK_SOCKET = 3

function tellMonitors(world: World): void {
  for (const { host, pid } of monitorsToWake(world))
    stepProcess(world, host, pid, { kind: 'descriptor', fd: NETLINK_SOCKET })
}

function dispatch(world: World, event: SimulationEvent): void {
  switch (event.kind) {
    case 'frame':
      receiveFrame(world, event.to, event.frame)
      break
    case 'timer':
      handleTimer(world, event.host, event.netns, event.timer)
      break
    case 'wake':
      stepProcess(world, event.host, event.pid, event.cause)
      break
    case 'exited':
      if (!onDaemonExit(world, event.host, event.pid, event.status))
        onProcessExit(world, event.host, event.pid, event.status)
      break
    case 'engine':
      if (event.alarm === RESTART_ALARM) onRestartAlarm(world, event.host)
      else onAlarm(world, event.host, event.alarm, event.container)
      break
  }
}
