using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// Tries the user and the password before MassTransit does: it connects again after anything but a refused login, after which it never does,
/// and passwords are put right on the broker too.
/// </summary>
internal static class RabbitMqLogin
{
    /// <summary>Opens a connection and closes it.</summary>
    /// <exception cref="RefusedException">The broker refuses the user or the password.</exception>
    public static async Task TryAsync(ConnectionFactory factory)
    {
        try
        {
            await using var connection = await factory.CreateConnectionAsync();
        }
        catch (BrokerUnreachableException unreachable) when (IsRefused(unreachable))
        {
            throw new RefusedException();
        }
        catch (BrokerUnreachableException)
        {
            // MassTransit will see that for itself.
        }
    }

    private static bool IsRefused(Exception? exception) => exception is AuthenticationFailureException || (exception is not null && IsRefused(exception.InnerException));

    /// <summary>Of the kind that MassTransit tries again after.</summary>
    internal sealed class RefusedException() : ConnectionException("The broker refuses the user name or the password.", isTransient: true);
}
