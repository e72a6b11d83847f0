/** The commands about images. Help texts of docker/cli 20.10. */
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

/** Those that have the same name in both places. */
export const imageCommands: readonly CommandSpec[] = [
  missing('build', 'Build an image from a Dockerfile', '[OPTIONS] PATH | URL | -'),
  command('history', '[OPTIONS] IMAGE', 'Show the history of an image', exactly(1), history, {
    flags: `--format string  Pretty-print images using a Go template
      -H, --human  Print sizes and dates in human readable format (default true)
      --no-trunc  Don't truncate output
      -q, --quiet  Only show image IDs`,
  }),
  missing(
    'import',
    'Import the contents from a tarball to create a filesystem image',
    '[OPTIONS] file|URL|- [REPOSITORY[:TAG]]',
  ),
  missing('load', 'Load an image from a tar archive or STDIN'),
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
  missing(
    'save',
    'Save one or more images to a tar archive (streamed to STDOUT by default)',
    '[OPTIONS] IMAGE [IMAGE...]',
  ),
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
  listCommand('ls', ['images', 'list']),
  command('prune', '[OPTIONS]', 'Remove unused images', none, pruneImages, {
    flags: `-a, --all  Remove all unused images, not just dangling ones
      --filter filter  Provide filter values (e.g. 'until=<timestamp>')
      -f, --force  Do not prompt for confirmation`,
  }),
  removeCommand('rm', ['rmi', 'remove']),
]
