/** Where Weavz is when nobody says otherwise: the default of clients, too. */
export const usualBaseUrl = 'https://api.weavz.io'
