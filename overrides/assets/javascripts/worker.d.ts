/** What a service worker has as its globals: TypeScript knows only those of all workers. */
declare const registration: ServiceWorkerRegistration;
declare const clients: Clients;
declare function skipWaiting(): Promise<void>;
declare let onfetch: (event: FetchEvent) => void;
declare let oninstall: (event: ExtendableEvent) => void;
declare let onactivate: (event: ExtendableEvent) => void;
