/** What browsers have and TypeScript does not know yet. */
interface Window {
  trustedTypes?: {
    createPolicy<Rules extends Record<string, (text: string) => string>>(name: string, rules: Rules): Rules;
  };
}
