/** `docker network COMMAND`. Help texts of docker/cli 20.10. */
import { checkFilter } from '../filters.ts'
import { flagTable, withChecks } from '../flag-table.ts'
import { inspectKind } from '../inspect.ts'
import { command, group } from '../make-spec.ts'
import { connect, create, disconnect, list, prune, remove } from '../network.ts'
import { atLeast, type CommandSpec, exactly, none } from '../spec.ts'

const listFlags = withChecks(
  flagTable(`
    -f, --filter filter  Provide filter values (e.g. 'driver=bridge')
    --format string  Pretty-print networks using a Go template
    --no-trunc  Do not truncate the output
    -q, --quiet  Only display network IDs`),
  { filter: checkFilter },
)

const createFlags = `
  --attachable  Enable manual container attachment
  --aux-address map  Auxiliary IPv4 or IPv6 addresses used by Network driver (default map[])
  --config-from string  The network from which to copy the configuration
  --config-only  Create a configuration only network
  -d, --driver string  Driver to manage the Network (default "bridge")
  --gateway strings  IPv4 or IPv6 Gateway for the master subnet
  --ingress  Create swarm routing-mesh network
  --internal  Restrict external access to the network
  --ip-range strings  Allocate container ip from a sub-range
  --ipam-driver string  IP Address Management Driver (default "default")
  --ipam-opt map  Set IPAM driver specific options (default map[])
  --ipv6  Enable IPv6 networking
  --label list  Set metadata on a network
  -o, --opt map  Set driver specific options (default map[])
  --scope string  Control the network's scope
  --subnet strings  Subnet in CIDR format that represents a network segment`

const connectFlags = `
  --alias strings  Add network-scoped alias for the container
  --driver-opt strings  driver options for the network
  --ip string  IPv4 address (e.g., 172.30.100.104)
  --ip6 string  IPv6 address (e.g., 2001:db8::33)
  --link list  Add link to another container
  --link-local-ip strings  Add a link-local address for the container`

export const networkGroup: CommandSpec = group('network', 'Manage networks', [
  command('connect', '[OPTIONS] NETWORK CONTAINER', 'Connect a container to a network', exactly(2), connect, {
    flags: connectFlags,
  }),
  command('create', '[OPTIONS] NETWORK', 'Create a network', exactly(1), create, { flags: createFlags }),
  command(
    'disconnect',
    '[OPTIONS] NETWORK CONTAINER',
    'Disconnect a container from a network',
    exactly(2),
    disconnect,
    {
      flags: '-f, --force  Force the container to disconnect from a network',
    },
  ),
  command(
    'inspect',
    '[OPTIONS] NETWORK [NETWORK...]',
    'Display detailed information on one or more networks',
    atLeast(1),
    inspectKind('network'),
    {
      flags: `-f, --format string  Format the output using the given Go template
      -v, --verbose  Verbose output for diagnostics`,
    },
  ),
  command('ls', '[OPTIONS]', 'List networks', none, list, { flags: listFlags, aliases: ['list'] }),
  command('prune', '[OPTIONS]', 'Remove all unused networks', none, prune, {
    flags: `--filter filter  Provide filter values (e.g. 'until=<timestamp>')
      -f, --force  Do not prompt for confirmation`,
  }),
  command('rm', 'NETWORK [NETWORK...]', 'Remove one or more networks', atLeast(1), remove, {
    aliases: ['remove'],
  }),
])
