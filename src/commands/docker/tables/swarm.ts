/** The commands about swarms: their help, and what they say where there is no swarm; how to get one is not modelled. Help texts of docker/cli 20.10. */
import { command, group, missing } from '../make-spec.ts'
import { leave, managerOnly, managerUpdate, unlock, unlockKey } from '../no-swarm.ts'
import { any, type CommandSpec, none } from '../spec.ts'

const initFlags = `
  --advertise-addr string  Advertised address (format: <ip|interface>[:port])
  --autolock  Enable manager autolocking (requiring an unlock key to start a stopped manager)
  --availability string  Availability of the node ("active"|"pause"|"drain") (default "active")
  --cert-expiry duration  Validity period for node certificates (ns|us|ms|s|m|h) (default 2160h0m0s)
  --data-path-addr string  Address or interface to use for data path traffic (format: <ip|interface>)
  --data-path-port uint32  Port number to use for data path traffic (1024 - 49151). If no value is set or is set to 0, the default port (4789) is used.
  --default-addr-pool ipNetSlice  default address pool in CIDR format (default [])
  --default-addr-pool-mask-length uint32  default address pool subnet mask length (default 24)
  --dispatcher-heartbeat duration  Dispatcher heartbeat period (ns|us|ms|s|m|h) (default 5s)
  --external-ca external-ca  Specifications of one or more certificate signing endpoints
  --force-new-cluster  Force create a new cluster from current state
  --listen-addr node-addr  Listen address (format: <ip|interface>[:port]) (default 0.0.0.0:2377)
  --max-snapshots uint  Number of additional Raft snapshots to retain
  --snapshot-interval uint  Number of log entries between Raft snapshots (default 10000)
  --task-history-limit int  Task history retention limit (default 5)`

interface Details {
  readonly words?: string
  readonly flags?: string
  readonly aliases?: readonly string[]
}

const filtered = (what: string): string => `
  -f, --filter filter  Filter output based on conditions provided
  --format string  Pretty-print ${what} using a Go template
  -q, --quiet  Only display IDs`

/** What the help of a command shows besides its name. */
const DETAILS: Readonly<Record<string, Details>> = {
  'swarm join-token': {
    words: '[OPTIONS] (worker|manager)',
    flags: `
      -q, --quiet  Only display token
      --rotate  Rotate join token`,
  },
  'node ls': { aliases: ['list'], flags: filtered('nodes') },
  'node inspect': {
    words: '[OPTIONS] self|NODE [NODE...]',
    flags: `
      -f, --format string  Format the output using the given Go template
      --pretty  Print the information in a human friendly format`,
  },
  'node update': {
    words: '[OPTIONS] NODE',
    flags: `
      --availability string  Availability of the node ("active"|"pause"|"drain")
      --label-add list  Add or update a node label (key=value)
      --label-rm list  Remove a node label if exists
      --role string  Role of the node ("worker"|"manager")`,
  },
  'service ls': { aliases: ['list'], flags: filtered('services') },
  'service ps': {
    words: '[OPTIONS] SERVICE [SERVICE...]',
    flags: `
      -f, --filter filter  Filter output based on conditions provided
      --format string  Pretty-print tasks using a Go template
      --no-resolve  Do not map IDs to Names
      --no-trunc  Do not truncate output
      -q, --quiet  Only display task IDs`,
  },
  'service scale': {
    words: 'SERVICE=REPLICAS [SERVICE=REPLICAS...]',
    flags: '-d, --detach  Exit immediately instead of waiting for the service to converge',
  },
}

const listed = (name: string, short: string, commands: readonly (readonly [string, string])[]): CommandSpec =>
  group(
    name,
    short,
    commands.map(([inner, text]) => {
      const { words = '[OPTIONS]', ...options } = DETAILS[`${name} ${inner}`] ?? {}
      return managerOnly(inner, text, words, undefined, options)
    }),
  )

const swarm = listed('swarm', 'Manage Swarm', [
  ['ca', 'Display and rotate the root CA'],
  ['init', 'Initialize a swarm'],
  ['join', 'Join a swarm as a node and/or manager'],
  ['join-token', 'Manage join tokens'],
  ['leave', 'Leave the swarm'],
  ['unlock', 'Unlock swarm'],
  ['unlock-key', 'Manage the unlock key'],
  ['update', 'Update the swarm'],
])

const init = command('init', '[OPTIONS]', 'Initialize a swarm', any, null, { flags: initFlags })

const join = missing('join', 'Join a swarm as a node and/or manager', '[OPTIONS] HOST:PORT')
const update = command('update', '[OPTIONS]', 'Update the swarm', none, managerUpdate, {
  flags: `
    --autolock  Change manager autolocking setting (true|false)
    --cert-expiry duration  Validity period for node certificates (ns|us|ms|s|m|h) (default 2160h0m0s)
    --dispatcher-heartbeat duration  Dispatcher heartbeat period (ns|us|ms|s|m|h) (default 5s)
    --external-ca external-ca  Specifications of one or more certificate signing endpoints
    --max-snapshots uint  Number of additional Raft snapshots to retain
    --snapshot-interval uint  Number of log entries between Raft snapshots (default 10000)
    --task-history-limit int  Task history retention limit (default 5)`,
})
const special = [
  init,
  join,
  update,
  managerOnly('leave', 'Leave the swarm', '[OPTIONS]', leave, {
    flags: '-f, --force  Force this node to leave the swarm, ignoring warnings',
  }),
  managerOnly('unlock', 'Unlock swarm', '', unlock),
  managerOnly('unlock-key', 'Manage the unlock key', '[OPTIONS]', unlockKey),
]

export const swarmGroups: readonly CommandSpec[] = [
  listed('config', 'Manage Docker configs', [
    ['create', 'Create a config from a file or STDIN'],
    ['inspect', 'Display detailed information on one or more configs'],
    ['ls', 'List configs'],
    ['rm', 'Remove one or more configs'],
  ]),
  listed('secret', 'Manage Docker secrets', [
    ['create', 'Create a secret from a file or STDIN as content'],
    ['inspect', 'Display detailed information on one or more secrets'],
    ['ls', 'List secrets'],
    ['rm', 'Remove one or more secrets'],
  ]),
  listed('stack', 'Manage Docker stacks', [
    ['deploy', 'Deploy a new stack or update an existing stack'],
    ['ls', 'List stacks'],
    ['ps', 'List the tasks in the stack'],
    ['rm', 'Remove one or more stacks'],
    ['services', 'List the services in the stack'],
  ]),
  listed('node', 'Manage Swarm nodes', [
    ['demote', 'Demote one or more nodes from manager in the swarm'],
    ['inspect', 'Display detailed information on one or more nodes'],
    ['ls', 'List nodes in the swarm'],
    ['promote', 'Promote one or more nodes to manager in the swarm'],
    ['ps', 'List tasks running on one or more nodes, defaults to current node'],
    ['rm', 'Remove one or more nodes from the swarm'],
    ['update', 'Update a node'],
  ]),
  listed('service', 'Manage services', [
    ['create', 'Create a new service'],
    ['inspect', 'Display detailed information on one or more services'],
    ['logs', 'Fetch the logs of a service or task'],
    ['ls', 'List services'],
    ['ps', 'List the tasks of one or more services'],
    ['rm', 'Remove one or more services'],
    ['rollback', "Revert changes to a service's configuration"],
    ['scale', 'Scale one or multiple replicated services'],
    ['update', 'Update a service'],
  ]),
  { ...swarm, commands: swarm.commands.map((one) => special.find((own) => own.name === one.name) ?? one) },
]
