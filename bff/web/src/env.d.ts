/** `build-contract` of this app, written in when it is built. */
declare const __BUILD__: string;
