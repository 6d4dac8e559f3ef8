/** What browsers have and TypeScript does not know yet, and what the evening ZIP adds (usb-zip.js). */
interface Window {
  trustedTypes?: {
    createPolicy<Rules extends Record<string, (text: string) => string>>(name: string, rules: Rules): Rules;
  };
  zipModules: Record<string, string>;
  zipBase: string;
  zipImport(path: string): Promise<unknown>;
  given(path: string, text: string): void;
}
