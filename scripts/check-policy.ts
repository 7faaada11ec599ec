// Behind `npm run check-policy -- FILE`: reads a policy file as the console would. Exit code 0: it can be used. 1: it cannot, and why,
// by line. 2: no file was named.
import { PolicyFileError, readPolicyFile } from "#lib/bff/policy-file.ts";

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("Name the file: npm run check-policy -- policy.yaml\n");
  process.exitCode = 2;
} else {
  try {
    const { rails, scopes } = readPolicyFile(file);
    process.stdout.write(`${file} can be used: ${rails.length} guard rails, ${scopes.length} scopes.\n`);
    for (const { name } of [...rails, ...scopes]) process.stdout.write(`  ${name}\n`);
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    process.stderr.write(`${file} cannot be used:\n  ${error.message.replaceAll("\n", "\n  ")}\n`);
    process.exitCode = 1;
  }
}
