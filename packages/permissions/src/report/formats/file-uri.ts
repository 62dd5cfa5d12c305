/** Converts a file name to a URI reference, relative if the name is. Standard input becomes `stdin`. */
export function fileUri(file: string): string {
  if (file === '-' || file === '<stdin>') return 'stdin';
  const path = withoutDot(file.replaceAll('\\', '/')).replace(/\p{Surrogate}/gu, '\uFFFD');
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]:\//u.test(path)) return `file:///${encoded.replace('%3A', ':')}`;
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}

/** Removes the `./` that keeps a file named `key:1` a file: code hosts look for the name that a commit has. */
export function withoutDot(path: string): string {
  return path.replace(/^(?:\.\/+)+(?=[^/])/u, '');
}
