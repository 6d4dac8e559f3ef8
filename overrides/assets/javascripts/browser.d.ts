/** What browsers have and TypeScript does not know yet, and what the evening pack adds (pack.js). */
interface Window {
  trustedTypes?: {
    createPolicy<Rules extends Record<string, (text: string) => string>>(name: string, rules: Rules): Rules;
  };
  packModules: Record<string, string>;
  packBase: string;
  packImport(path: string): Promise<unknown>;
  given(path: string, text: string): void;
}
