/** Something that the person at the keyboard can put right: said in one line, exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** What the usual system errors mean to a person. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'not a folder',
  EISDIR: 'is a folder, not a file',
  EEXIST: 'a file of that name is in the way',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'the file would be too large',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EPIPE: 'the pipe was closed by its reader',
  EIO: 'the device reported an error',
};

/** One line on why something failed: the words for a system error, else the error's first line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Ours is one line as it is; what looks like a second one is the name of a file.
  if (error instanceof UserError) return error.message;
  const code = (error as NodeJS.ErrnoException).code;
  const known = code === undefined ? undefined : REASONS[code];
  return known ?? error.message.split('\n', 1)[0]?.trim() ?? error.name;
}
