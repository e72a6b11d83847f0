import { expect, test } from 'vitest'
import { welcomePage } from '../../../src/sim/docker/images/welcome-page.ts'
import { inspectContainer } from '../../../src/sim/docker/inspect-container.ts'
import { indentedJson } from '../../../src/render/docker/json.ts'
import { oneHost, run } from './one-host.ts'
import { advanceWorld } from '../../../src/sim/world/step.ts'

test('page', () => expect(welcomePage.length).toBe(615))
test('starts', () => {
  const h = oneHost()
  const { world, engine } = h
  const c = run(h, { image: 'busybox', name: 'c1', tty: true, openStdin: true })
  advanceWorld(world, world.nowUs + 2_000_000)
  const kernel = world.kernels.get('host1')!
  const ns = kernel.namespaces.get(kernel.initialNetns)!
  for (const l of ns.links.values()) console.log(l.ifindex, l.name, l.mac, l.master, l.up, l.addresses)
  const sb = engine.sandboxes.get(c.sandbox!)!
  for (const l of kernel.namespaces.get(sb.netns)!.links.values()) console.log(l.ifindex, l.name, l.mac, l.addresses, l.addresses6)
  console.log([...kernel.processes.values()].map((p) => [p.pid, p.ppid, p.argv[0]]))
  console.log(indentedJson(inspectContainer(world, engine, c)).slice(-2000))
  console.log(world.ready)
  run(h, { image: 'nginx', name: 'web', portBindings: [{ containerPort: 80, protocol: 'tcp', hostIp: '', hostPort: '8080' }] })
})
