using Microsoft.Extensions.DependencyInjection;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>A handler and the queue that feeds it.</summary>
/// <param name="Service">The service that handles it; the queue is <c>{service}-{event}</c>.</param>
/// <param name="EventType">The event.</param>
/// <param name="HandlerType">The handler.</param>
public sealed record EventHandlerRegistration(string Service, Type EventType, Type HandlerType);

/// <summary>Registration of event handlers; the bus reads the registrations once, when the host starts.</summary>
public static class EventHandlers
{
    /// <summary>Lets <typeparamref name="THandler"/> handle <typeparamref name="TEvent"/> in <paramref name="service"/>.</summary>
    public static IServiceCollection AddEventHandler<TEvent, THandler>(this IServiceCollection services, string service)
        where TEvent : class
        where THandler : class, IEventHandler<TEvent>
    {
        services.AddScoped<THandler>();
        services.AddSingleton(new EventHandlerRegistration(service, typeof(TEvent), typeof(THandler)));
        return services;
    }
}
