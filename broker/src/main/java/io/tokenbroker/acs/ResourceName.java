package io.tokenbroker.acs;

import java.net.URI;

/**
 * What an ACS resource is called in health and logs, and told apart by.
 *
 * @param host of its endpoint, with the port where it has one; never a key
 * @param current whether new identities are made on it
 */
record ResourceName(String host, boolean current) {

    static ResourceName of(AcsSettings.Resource resource) {
        String text = resource.connectionString();
        String endpoint = text == null
                ? String.valueOf(resource.endpoint())
                : ConnectionString.parse(text).endpoint();
        URI uri = URI.create(endpoint);
        String host = uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
        return new ResourceName(String.valueOf(host), resource.state() == AcsSettings.State.CURRENT);
    }
}
