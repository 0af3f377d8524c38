package io.tokenbroker.emulator.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The key that signs access tokens: RS256 (RFC 7518, 3.3) with a modulus of 2048 bits, which anyone verifies like any
 * other RSA signature.
 *
 * <p>The modulus has eight primes instead of two (multi-prime RSA, RFC 8017, 3.1). Eight exponentiations with 256 bits
 * cost about a seventh of two with 1024, and signing is by far the dearest thing the emulator does. That trades away
 * strength no development key needs; never use such a key for anything real.
 */
public final class TokenKey {
    private static final BigInteger EXPONENT = BigInteger.valueOf(65537);
    private static final int MODULUS_BYTES = 256;
    private static final int PRIMES = 8;
    private static final int PRIME_BITS = MODULUS_BYTES * 8 / PRIMES;
    /** RFC 8017, 9.2, note 1: what precedes the hash in the DigestInfo of SHA-256. */
    private static final byte[] SHA256_PREFIX = HexFormat.of().parseHex("3031300d060960864801650304020105000420");

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final List<BigInteger> primes;
    private final BigInteger modulus;
    private final BigInteger[] exponents;
    private final BigInteger[] coefficients;
    private final String id;
    private final String header;

    TokenKey(List<BigInteger> primes) {
        this.primes = List.copyOf(primes);
        modulus = primes.stream().reduce(BigInteger.ONE, BigInteger::multiply);
        if (modulus.bitLength() != MODULUS_BYTES * 8) {
            throw new IllegalArgumentException("The primes make a modulus of " + modulus.bitLength() + " bits");
        }
        exponents = new BigInteger[primes.size()];
        coefficients = new BigInteger[primes.size()];
        for (int i = 0; i < exponents.length; i++) {
            BigInteger prime = primes.get(i);
            BigInteger others = modulus.divide(prime);
            exponents[i] = EXPONENT.modInverse(prime.subtract(BigInteger.ONE));
            coefficients[i] = others.multiply(others.modInverse(prime));
        }
        id = BASE64URL.encodeToString(sha256(unsigned(modulus))).substring(0, 16);
        header = base64Url("{\"alg\":\"RS256\",\"kid\":\"" + id + "\",\"typ\":\"JWT\"}") + ".";
    }

    static TokenKey generate() {
        var random = new SecureRandom();
        List<BigInteger> primes = new ArrayList<>();
        while (primes.size() < PRIMES) {
            // the top four bits set, so that the product always has all its bits
            BigInteger prime = new BigInteger(PRIME_BITS, random)
                    .or(BigInteger.valueOf(15).shiftLeft(PRIME_BITS - 4))
                    .nextProbablePrime();
            boolean usable =
                    prime.subtract(BigInteger.ONE).gcd(EXPONENT).equals(BigInteger.ONE) && !primes.contains(prime);
            if (usable) {
                primes.add(prime);
            }
        }
        return new TokenKey(primes);
    }

    /** Signs {@code claims}, a JSON object, and returns the token in compact serialisation (RFC 7515, 7.1). */
    public String sign(String claims) {
        String signed = header + base64Url(claims);
        return signed + "." + BASE64URL.encodeToString(signature(sha256(signed.getBytes(US_ASCII))));
    }

    /** The public key as a JSON Web Key Set (RFC 7517). */
    public String jwks() {
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"" + id + "\",\"n\":\""
                + BASE64URL.encodeToString(unsigned(modulus)) + "\",\"e\":\""
                + BASE64URL.encodeToString(unsigned(EXPONENT)) + "\"}]}";
    }

    List<BigInteger> primes() {
        return primes;
    }

    /** RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.1), by the Chinese remainder theorem. */
    private byte[] signature(byte[] hash) {
        byte[] padded = new byte[MODULUS_BYTES];
        int digestInfo = MODULUS_BYTES - SHA256_PREFIX.length - hash.length;
        Arrays.fill(padded, 2, digestInfo - 1, (byte) 0xFF);
        padded[1] = 1;
        System.arraycopy(SHA256_PREFIX, 0, padded, digestInfo, SHA256_PREFIX.length);
        System.arraycopy(hash, 0, padded, MODULUS_BYTES - hash.length, hash.length);

        BigInteger message = new BigInteger(1, padded);
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < exponents.length; i++) {
            BigInteger prime = primes.get(i);
            sum = sum.add(message.mod(prime).modPow(exponents[i], prime).multiply(coefficients[i]));
        }
        byte[] value = unsigned(sum.mod(modulus));
        byte[] signature = new byte[MODULUS_BYTES];
        System.arraycopy(value, 0, signature, MODULUS_BYTES - value.length, value.length);
        return signature;
    }

    private static String base64Url(String text) {
        return BASE64URL.encodeToString(text.getBytes(UTF_8));
    }

    private static byte[] unsigned(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return bytes[0] == 0 && bytes.length > 1 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "TokenKey[" + id + "]";
    }
}
