/** The commands about images. Help texts of docker/cli 20.10. */
import * as archives from '../archives.ts'
import { checkFilter } from '../filters.ts'
import { flagTable, withChecks } from '../flag-table.ts'
import { images, remove, tag } from '../images.ts'
import { inspectKind } from '../inspect.ts'
import { command, missing } from '../make-spec.ts'
import { pull } from '../pull.ts'
import { push } from '../registry.ts'
import { atLeast, atMost, type CommandSpec, exactly, none } from '../spec.ts'
import { history, pruneImages } from '../usage.ts'

const imagesFlags = withChecks(
  flagTable(`
    -a, --all  Show all images (default hides intermediate images)
    --digests  Show digests
    -f, --filter filter  Filter output based on conditions provided
    --format string  Pretty-print images using a Go template
    --no-trunc  Don't truncate output
    -q, --quiet  Only show image IDs`),
  { filter: checkFilter },
)

const listCommand = (name: string, aliases: readonly string[]): CommandSpec =>
  command(name, '[OPTIONS] [REPOSITORY[:TAG]]', 'List images', atMost(1), images, {
    flags: imagesFlags,
    aliases,
  })

const removeCommand = (name: string, aliases: readonly string[]): CommandSpec =>
  command(name, '[OPTIONS] IMAGE [IMAGE...]', 'Remove one or more images', atLeast(1), remove, {
    flags: `-f, --force  Force removal of the image
      --no-prune  Do not delete untagged parents`,
    aliases,
  })

const buildFlags = `
  --add-host list  Add a custom host-to-IP mapping (host:ip)
  --build-arg list  Set build-time variables
  --cache-from strings  Images to consider as cache sources
  --cgroup-parent string  Optional parent cgroup for the container
  --compress  Compress the build context using gzip
  --cpu-period int  Limit the CPU CFS (Completely Fair Scheduler) period
  --cpu-quota int  Limit the CPU CFS (Completely Fair Scheduler) quota
  -c, --cpu-shares int  CPU shares (relative weight)
  --cpuset-cpus string  CPUs in which to allow execution (0-3, 0,1)
  --cpuset-mems string  MEMs in which to allow execution (0-3, 0,1)
  --disable-content-trust  Skip image verification (default true)
  -f, --file string  Name of the Dockerfile (Default is 'PATH/Dockerfile')
  --force-rm  Always remove intermediate containers
  --iidfile string  Write the image ID to the file
  --isolation string  Container isolation technology
  --label list  Set metadata for an image
  -m, --memory bytes  Memory limit
  --memory-swap bytes  Swap limit equal to memory plus swap: '-1' to enable unlimited swap
  --network string  Set the networking mode for the RUN instructions during build (default "default")
  --no-cache  Do not use cache when building the image
  --pull  Always attempt to pull a newer version of the image
  -q, --quiet  Suppress the build output and print image ID on success
  --rm  Remove intermediate containers after a successful build (default true)
  --security-opt strings  Security options
  --shm-size bytes  Size of /dev/shm
  -t, --tag list  Name and optionally a tag in the 'name:tag' format
  --target string  Set the target build stage to build.
  --ulimit ulimit  Ulimit options (default [])`

/** Those that have the same name in both places. */
export const imageCommands: readonly CommandSpec[] = [
  {
    ...missing(
      'build',
      'Build an image from a Dockerfile',
      '[OPTIONS] PATH | URL | -',
      buildFlags,
      exactly(1),
    ),
    run: archives.build,
  },
  command('history', '[OPTIONS] IMAGE', 'Show the history of an image', exactly(1), history, {
    flags: `--format string  Pretty-print images using a Go template
      -H, --human  Print sizes and dates in human readable format (default true)
      --no-trunc  Don't truncate output
      -q, --quiet  Only show image IDs`,
  }),
  {
    ...missing(
      'import',
      'Import the contents from a tarball to create a filesystem image',
      '[OPTIONS] file|URL|- [REPOSITORY[:TAG]]',
      `-c, --change list  Apply Dockerfile instruction to the created image
      -m, --message string  Set commit message for imported image
      --platform string  Set platform if server is multi-platform capable`,
      atLeast(1),
    ),
    run: archives.importImage,
  },
  {
    ...missing(
      'load',
      'Load an image from a tar archive or STDIN',
      '[OPTIONS]',
      `-i, --input string  Read from tar archive file, instead of STDIN
      -q, --quiet  Suppress the load output`,
      none,
    ),
    run: archives.load,
  },
  command(
    'pull',
    '[OPTIONS] NAME[:TAG|@DIGEST]',
    'Pull an image or a repository from a registry',
    exactly(1),
    pull,
    {
      flags: `-a, --all-tags  Download all tagged images in the repository
      --disable-content-trust  Skip image verification (default true)
      --platform string  Set platform if server is multi-platform capable
      -q, --quiet  Suppress verbose output`,
    },
  ),
  command('push', '[OPTIONS] NAME[:TAG]', 'Push an image or a repository to a registry', exactly(1), push, {
    flags: `-a, --all-tags  Push all tagged images in the repository
      --disable-content-trust  Skip image signing (default true)
      -q, --quiet  Suppress verbose output`,
  }),
  {
    ...missing(
      'save',
      'Save one or more images to a tar archive (streamed to STDOUT by default)',
      '[OPTIONS] IMAGE [IMAGE...]',
      '-o, --output string  Write to a file, instead of STDOUT',
      atLeast(1),
    ),
    run: archives.save,
  },
  command(
    'tag',
    'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
    'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
    exactly(2),
    tag,
  ),
]

export const imagesAtTop: readonly CommandSpec[] = [listCommand('images', []), removeCommand('rmi', [])]

/** Only below `docker image`. */
export const imageOnly: readonly CommandSpec[] = [
  command(
    'inspect',
    '[OPTIONS] IMAGE [IMAGE...]',
    'Display detailed information on one or more images',
    atLeast(1),
    inspectKind('image'),
    {
      flags: '-f, --format string  Format the output using the given Go template',
    },
  ),
  listCommand('ls', ['list']),
  command('prune', '[OPTIONS]', 'Remove unused images', none, pruneImages, {
    flags: `-a, --all  Remove all unused images, not just dangling ones
      --filter filter  Provide filter values (e.g. 'until=<timestamp>')
      -f, --force  Do not prompt for confirmation`,
  }),
  removeCommand('rm', ['rmi', 'remove']),
]
