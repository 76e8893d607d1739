/** "22 facts hold", or how many do not. */
export function summarizeChecks(checks: readonly { readonly failure?: unknown }[]): string {
  const failed = checks.filter(({ failure }) => failure !== undefined).length;
  return failed === 0 ? `${checks.length} facts hold` : `${failed} of ${checks.length} facts do not hold`;
}
